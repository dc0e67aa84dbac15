import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { credentialsResponse } from "@moorage/core/contract/credentials";
import { organization } from "@moorage/core/contract/organization";
import { LocalRegistry } from "../../support/local-registry.ts";
import { makeRegistry, makeToken, manage } from "../../support/management.ts";
import { answeredExactly, refused } from "../../support/management-answer.ts";

describe("what the management API tells about logging in and about the organization", () => {
  let local: LocalRegistry;
  before(async () => {
    local = await LocalRegistry.start();
  });
  after(() => local.close());

  it("how a token logs in, without its secret", async () => {
    const path = `/registries/${local.registry.id}/credentials?tokenId=${local.token.id}`;
    const answer = await answeredExactly(
      await manage(local.url, "GET", path),
      200,
      credentialsResponse,
    );
    const { host } = new URL(local.context.settings.publicUrl);
    const entry = { username: "ci", password: "<password>" };
    assert.deepEqual(
      { ...answer, dockerconfigjson: JSON.parse(answer.dockerconfigjson) },
      {
        endpoint: `${host}/shop`,
        username: "ci",
        dockerLogin: `docker login --username ci ${host}`,
        dockerconfigjson: { auths: { [`${host}/shop`]: entry, [host]: entry } },
      },
    );
    assert.equal(JSON.stringify(answer).includes(local.token.password), false);
  });

  it("nothing about a token of another registry, or without one", async () => {
    const other = await makeRegistry(local.url, "other");
    const { id } = await makeToken(local.url, other, "elsewhere");
    const base = `/registries/${local.registry.id}/credentials`;
    for (const tokenId of [id, randomUUID()]) {
      const answer = await manage(local.url, "GET", `${base}?tokenId=${tokenId}`);
      assert.deepEqual(await refused(answer, 404), ["token-unknown"]);
    }
    for (const query of ["", "?tokenId=", "?tokenId=ci", `?tokenId=${id}&tokenId=${id}`]) {
      const answer = await manage(local.url, "GET", base + query);
      assert.deepEqual(await refused(answer, 400), ["invalid-token-id"], query);
    }
  });

  it("what each registry of the organization stores", async () => {
    const empty = await makeRegistry(local.url, "an-empty-one");
    await local.client.pushBlob("team/app", Buffer.alloc(12_345));
    const answer = await manage(local.url, "GET", "/organization");
    const { type, properties } = await answeredExactly(answer, 200, organization);
    assert.equal(type, "organization");
    assert.equal(properties.contractNumber, 1);
    const used = properties.usage.filter(({ registryName }) => registryName !== "other");
    assert.deepEqual(used, [
      { registryId: empty.id, registryName: "an-empty-one", bytes: 0 },
      { registryId: local.registry.id, registryName: "shop", bytes: 12_345 },
    ]);
  });
});
