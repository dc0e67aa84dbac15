import assert from "node:assert/strict";
import { bearerFor, bearing } from "../../support/bearer.ts";
import { assertRefused, assertStatus } from "../../support/distribution-client.ts";
import { send } from "../../support/http-request.ts";
import { LocalRegistry } from "../../support/local-registry.ts";
import { type Credentials, makeUser, manage, OWNER } from "../../support/management.ts";

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
});
