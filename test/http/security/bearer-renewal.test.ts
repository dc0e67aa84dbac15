import assert from "node:assert/strict";
import { bearerFor, bearing } from "../../support/bearer.ts";
import { assertRefused, assertStatus } from "../../support/distribution-client.ts";
import { send } from "../../support/http-request.ts";
import { LocalRegistry } from "../../support/local-registry.ts";
import {
  type Credentials,
  EVERYTHING,
  makeToken,
  makeUser,
  manage,
  OWNER,
} from "../../support/management.ts";

describe("a bearer token of the server's own", () => {
  let local: LocalRegistry;
  before(async () => {
    local = await LocalRegistry.start();
    await local.client.pushImage("app", "1");
  });
  after(() => local.close());

  it("gets no other one, whoever it was issued to, by whatever way it is presented", async () => {
    const scope = "repository:shop/app:pull";
    for (const who of [local.token, OWNER, undefined]) {
      const bearer = await bearerFor(local.url, who, scope);
      const wider = "/token?scope=repository:shop/app:pull,push,delete";
      for (const path of ["/token", `/token?scope=${scope}`, wider]) {
        const answer = await send(local.url, "GET", path, { headers: bearing(bearer) });
        assertRefused(answer, 403, "DENIED");
        assert.doesNotMatch(answer.body.toString(), /eyJ/);
      }
      const form = { grant_type: "password", username: "anybody", password: bearer, scope };
      const posted = await send(local.url, "POST", "/token", {
        headers: { "content-type": "application/x-www-form-urlencoded" },
        body: new URLSearchParams(form).toString(),
      });
      assertRefused(posted, 401, "UNAUTHORIZED");
    }
  });

  it("is no password, either", async () => {
    const bearer = await bearerFor(local.url, OWNER, "repository:shop/app:pull");
    const client = local.client.with({ credentials: { ...OWNER, password: bearer } });
    assertRefused(await client.send("GET", "/v2/"), 401, "UNAUTHORIZED");
  });

  describe("that was issued to a person ends when the person gets a new password,", () => {
    async function changed(user: { id: string } & Credentials, password: string) {
      const answer = await manage(local.url, "PATCH", `/users/${user.id}`, { password });
      assert.equal(answer.status, 200);
      return { ...user, password };
    }

    it("also when it is the same one again", async () => {
      const first = await makeUser(local.url, "ada@moorage.example", "developer");
      const scope = "repository:shop/app:pull,push";
      const old = bearing(await bearerFor(local.url, first, scope));
      const ask = (headers: { authorization: string }) =>
        local.client.anonymous().ask("GET", "app", "manifests/1", { headers });
      assertStatus(await ask(old), 200);
      const second = await changed(first, "a password of somebody else");
      assertRefused(await ask(old), 401, "UNAUTHORIZED");
      const next = bearing(await bearerFor(local.url, second, scope));
      assertStatus(await ask(next), 200);
      await changed(second, second.password);
      assertRefused(await ask(next), 401, "UNAUTHORIZED");
    });

    it("but not when something else about the person changes", async () => {
      const user = await makeUser(local.url, "eve@moorage.example", "developer");
      const headers = bearing(await bearerFor(local.url, user, "repository:shop/app:pull"));
      const change = { role: "reader", displayName: "Eve" };
      const answer = await manage(local.url, "PATCH", `/users/${user.id}`, change);
      assert.equal(answer.status, 200);
      const pull = await local.client.anonymous().ask("GET", "app", "manifests/1", { headers });
      assertStatus(pull, 200);
    });

    it("for an upload as well, which goes on with the new one", async () => {
      const first = await makeUser(local.url, "bob@moorage.example", "developer");
      const anyone = local.client.anonymous();
      const scope = "repository:shop/app:pull,push";
      const old = bearing(await bearerFor(local.url, first, scope));
      const started = await anyone.ask("POST", "app", "blobs/uploads/", { headers: old });
      assertStatus(started, 202);
      const location = started.headers.location ?? "";
      const second = await changed(first, "a password of somebody else");
      const body = Buffer.from("bytes");
      assertRefused(
        await anyone.send("PATCH", location, { headers: old, body }),
        401,
        "UNAUTHORIZED",
      );
      const headers = bearing(await bearerFor(local.url, second, scope));
      assertStatus(await anyone.send("PATCH", location, { headers, body }), 202);
    });
  });

  describe("that was issued to a token ends with the secret that it was issued for:", () => {
    const scope = "repository:shop/app:pull";
    const tokens = () => `/registries/${local.registry.id}/tokens`;

    async function pulls(headers: { authorization: string }): Promise<number> {
      const answer = await local.client.anonymous().ask("GET", "app", "manifests/1", { headers });
      return answer.status;
    }

    it("at once when it is replaced at once, later when it may be used for longer", async () => {
      for (const [gracePeriodSeconds, status] of [
        [0, 401],
        [600, 200],
      ]) {
        const token = await makeToken(local.url, local.registry, `grace-${gracePeriodSeconds}`);
        const old = bearing(await bearerFor(local.url, token, scope));
        assert.equal(await pulls(old), 200);
        const path = `${tokens()}/${token.id}/rotate`;
        const answer = await manage(local.url, "POST", path, { gracePeriodSeconds });
        const { properties } = (await answer.json()) as {
          properties: { credentials: Credentials };
        };
        assert.equal(await pulls(old), status);
        const next = await bearerFor(local.url, properties.credentials, scope);
        assert.equal(await pulls(bearing(next)), 200);
      }
    });

    it("another token that gets the same id and name is none of it", async () => {
      const token = await makeToken(local.url, local.registry, "again");
      const old = bearing(await bearerFor(local.url, token, scope));
      const path = `${tokens()}/${token.id}`;
      assert.equal((await manage(local.url, "DELETE", path)).status, 204);
      const properties = { name: "again", scopes: [EVERYTHING] };
      assert.equal((await manage(local.url, "PUT", path, { properties })).status, 201);
      assert.equal(await pulls(old), 401);
    });
  });
});
