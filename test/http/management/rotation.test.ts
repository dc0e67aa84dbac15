import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { token } from "@moorage/core/contract/token";
import { basic, makeRegistry, makeToken, manage } from "../../support/management.ts";
import { answered, refused } from "../../support/management-answer.ts";
import { RunningServer } from "../../support/running-server.ts";

describe("rotating a token", () => {
  let server: RunningServer;
  let registry: { id: string; name: string };
  before(async () => {
    server = await RunningServer.start();
    registry = await makeRegistry(server.url, "shop");
  });
  after(() => server.stop());

  const rotate = (id: string, body?: unknown) =>
    manage(server.url, "POST", `/registries/${registry.id}/tokens/${id}/rotate`, body);
  /** Whether the registry lets these credentials in. */
  const isLetIn = async (username: string, password: string) => {
    const answer = await fetch(`${server.url}/v2/`, {
      headers: { authorization: basic({ username, password }) },
    });
    await answer.arrayBuffer();
    return answer.status === 200;
  };

  it("makes a new secret under the same id and name, and ends the old one at once", async () => {
    const old = await makeToken(server.url, registry, "at-once");
    for (const body of [undefined, {}, { gracePeriodSeconds: 0 }]) {
      const rotated = await answered(await rotate(old.id, body), 200, token);
      const { username, password } = rotated.properties.credentials;
      assert.equal(rotated.id, old.id);
      assert.equal(username, old.username);
      assert.equal(await isLetIn(username, password), true);
      assert.equal(await isLetIn(old.username, old.password), false);
    }
  });

  it("keeps the old secret for the grace period", async () => {
    const old = await makeToken(server.url, registry, "with-grace");
    const answer = await rotate(old.id, { gracePeriodSeconds: 600 });
    const { password } = (await answered(answer, 200, token)).properties.credentials;
    assert.notEqual(password, old.password);
    assert.equal(await isLetIn(old.username, password), true);
    assert.equal(await isLetIn(old.username, old.password), true);
  });

  it("refuses a grace period that is none, and a token that is none", async () => {
    const { id } = await makeToken(server.url, registry, "refused");
    for (const gracePeriodSeconds of [-1, 604_801, 1.5, "60", null]) {
      const codes = await refused(await rotate(id, { gracePeriodSeconds }), 400);
      assert.deepEqual(codes, ["invalid-grace-period-seconds"]);
    }
    assert.deepEqual(await refused(await rotate(randomUUID(), {}), 404), ["token-unknown"]);
  });
});
