import assert from "node:assert/strict";
import { bearerFor, bearing } from "../../support/bearer.ts";
import { assertRefused, assertStatus } from "../../support/distribution-client.ts";
import { send } from "../../support/http-request.ts";
import { identityFile } from "../../support/identity-file.ts";
import { AUDIENCE, IdentityProviderUnderTest } from "../../support/identity-provider.ts";
import { LocalRegistry } from "../../support/local-registry.ts";
import { basic, makeToken, PULL_ONLY } from "../../support/management.ts";

describe("people of an identity provider", () => {
  let provider: IdentityProviderUnderTest;
  let file: Awaited<ReturnType<typeof identityFile>>;
  let local: LocalRegistry;

  before(async () => {
    provider = await IdentityProviderUnderTest.start();
    const roles = { "moorage-admins": "admin", developers: "developer", staff: "reader" };
    file = await identityFile([
      { issuer: provider.issuer, audience: AUDIENCE, roleClaim: "groups", roles },
    ]);
    local = await LocalRegistry.start({ environment: file.environment });
  });
  after(async () => {
    await local.close();
    await file.remove();
    await provider.stop();
  });

  async function manage(authorization: string, method: string, path: string, body?: object) {
    const answer = await fetch(`${local.url}/containerregistries${path}`, {
      method,
      headers: { authorization, "content-type": "application/json" },
      ...(body && { body: JSON.stringify(body) }),
    });
    const text = await answer.text();
    return { status: answer.status, body: text === "" ? undefined : JSON.parse(text) };
  }

  const bearer = async (name: string, ...groups: string[]) =>
    `Bearer ${await provider.issue(name, { groups, email: `${name}@people.example` })}`;

  it("manage registries by Bearer, and sign what they make with their name and a lasting id", async () => {
    const registry = (name: string) => ({ properties: { name, location: "de/fra" } });
    const path = "/registries";
    const one = await manage(await bearer("ada", "developers"), "POST", path, registry("one"));
    const two = await manage(await bearer("ada", "developers"), "POST", path, registry("two"));
    const eve = await manage(await bearer("eve", "developers"), "POST", path, registry("three"));
    assert.deepEqual([one.status, two.status, eve.status], [201, 201, 201]);
    assert.equal(one.body.metadata.createdBy, "ada@people.example");
    assert.match(one.body.metadata.createdByUserId, /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/);
    assert.equal(two.body.metadata.createdByUserId, one.body.metadata.createdByUserId);
    assert.notEqual(eve.body.metadata.createdByUserId, one.body.metadata.createdByUserId);
  });

  it("manage by Basic as well, with the JWT as password and any user name", async () => {
    const jwt = await provider.issue("ada", { groups: "developers" });
    for (const username of ["oidc", "somebody else", ""]) {
      const answer = await manage(basic({ username, password: jwt }), "GET", "/registries");
      assert.equal(answer.status, 200, username);
    }
  });

  it("may do what their highest role may", async () => {
    const create = { properties: { name: "denied", location: "de/fra" } };
    const reader = await bearer("rob", "staff", "others");
    assert.equal((await manage(reader, "GET", "/registries")).status, 200);
    const refused = await manage(reader, "POST", "/registries", create);
    assert.equal(refused.status, 403);
    assert.equal(refused.body.messages[0].errorCode, "access-denied");
    const both = await bearer("rob", "staff", "developers");
    assert.equal((await manage(both, "POST", "/registries", create)).status, 201);
  });

  it("are told so when none of their claims is a role: 403, on both APIs", async () => {
    for (const claims of [
      {},
      { groups: [] },
      { groups: "Staff" },
      { groups: { staff: "staff" } },
    ]) {
      const jwt = await provider.issue("nobody", claims);
      const refused = await manage(`Bearer ${jwt}`, "GET", "/registries");
      assert.equal(refused.status, 403);
      assert.equal(refused.body.messages[0].errorCode, "identity-without-role");
      assert.match(refused.body.messages[0].message, /claims give no role/);
      const headers = { authorization: basic({ username: "oidc", password: jwt }) };
      assertRefused(await send(local.url, "GET", "/v2/", { headers }), 403, "DENIED");
      assertRefused(await send(local.url, "GET", "/token", { headers }), 403, "DENIED");
    }
  });

  it("push and pull with the JWT itself, and with the bearer token it is exchanged for", async () => {
    const jwt = await provider.issue("ada", { groups: ["developers"] });
    const exchanged = await bearerFor(
      local.url,
      { username: "oidc", password: jwt },
      "repository:shop/team/app:pull,push",
    );
    for (const token of [jwt, exchanged]) {
      const client = local.client.anonymous().with({ headers: bearing(token) });
      const { digest } = await client.pushImage("team/app", "1");
      assertStatus(await client.ask("GET", "team/app", `manifests/${digest}`), 200);
    }
  });

  it("finish an upload that they began with another JWT", async () => {
    const as = async () =>
      local.client.anonymous().with({
        headers: bearing(await provider.issue("ada", { groups: ["developers"] })),
      });
    const location = await (await as()).startUpload("team/app");
    assertStatus(await (await as()).send("PATCH", location, { body: "some bytes" }), 202);
    const stranger = await provider.issue("eve", { groups: ["developers"] });
    const asked = local.client.anonymous().with({ headers: bearing(stranger) });
    assertRefused(await asked.send("GET", location), 404, "BLOB_UPLOAD_UNKNOWN");
  });

  it("leave everybody else as they are when the provider is gone", async () => {
    const jwt = await provider.issue("ada", { groups: ["developers"] });
    const client = local.client.anonymous().with({ headers: bearing(jwt) });
    assertStatus(await client.send("GET", "/v2/"), 200);
    await provider.stop();
    try {
      assertStatus(await client.send("GET", "/v2/"), 200);
      assertStatus(await local.client.send("GET", "/v2/"), 200);
      const token = await makeToken(local.url, local.registry, "later", [PULL_ONLY]);
      assertStatus(await local.client.with({ credentials: token }).send("GET", "/v2/"), 200);
    } finally {
      await provider.listen();
    }
  });
});
