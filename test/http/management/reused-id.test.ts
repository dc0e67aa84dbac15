import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { registry } from "@moorage/core/contract/registry";
import { DistributionClient } from "../../support/distribution-client.ts";
import { makeToken, manage } from "../../support/management.ts";
import { answered, empty } from "../../support/management-answer.ts";
import { type RegistryUnderTest, startRegistry } from "../../support/registry-under-test.ts";

describe("a registry under the id of one that was deleted", () => {
  let old: RegistryUnderTest;
  before(async () => {
    old = await startRegistry();
  });
  after(() => old.server.stop());

  it("has none of the old content and takes the same pushes", async () => {
    const { server, client } = old;
    const { id, name } = old.registry;
    const bytes = randomBytes(300_000);
    const digest = await client.pushBlob("team/app", bytes);
    await empty(await manage(server.url, "DELETE", `/registries/${id}`), 204);
    const refused = await client.ask("HEAD", "team/app", `blobs/${digest}`);
    assert.equal(refused.status, 401);

    const properties = { name, location: "de/fra" };
    const answer = await manage(server.url, "PUT", `/registries/${id}`, { properties });
    assert.deepEqual((await answered(answer, 201, registry)).properties.storageUsage, { bytes: 0 });
    const credentials = await makeToken(server.url, { id, name }, "ci");
    const again = new DistributionClient({ url: server.url, registry: name, credentials });
    assert.equal((await again.ask("HEAD", "team/app", `blobs/${digest}`)).status, 404);
    await again.pushBlob("team/app", bytes);
    const pulled = await again.ask("GET", "team/app", `blobs/${digest}`);
    assert.equal(pulled.status, 200);
    assert.ok(pulled.body.equals(bytes));
    const usage = await manage(server.url, "GET", `/registries/${id}`);
    const { properties: found } = await answered(usage, 200, registry);
    assert.deepEqual(found.storageUsage, { bytes: bytes.length });
  });
});
