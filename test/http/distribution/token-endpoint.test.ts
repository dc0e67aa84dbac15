import assert from "node:assert/strict";
import { bearerFor, bearing } from "../../support/bearer.ts";
import {
  assertRefused,
  assertStatus,
  type DistributionClient,
} from "../../support/distribution-client.ts";
import { type Answer, jsonOf, send } from "../../support/http-request.ts";
import { basic, makeRegistry, makeToken, OWNER, PULL_ONLY } from "../../support/management.ts";
import { type RegistryUnderTest, startRegistry } from "../../support/registry-under-test.ts";

describe("the token endpoint (Docker token authentication)", () => {
  let under: RegistryUnderTest;
  let client: DistributionClient;
  let url: string;

  before(async () => {
    under = await startRegistry();
    client = under.client.anonymous();
    url = under.server.url;
    await under.client.pushImage("app", "1");
    await under.client.pushImage("other", "1");
  });
  after(() => under.server.stop());

  function postForm(fields: Readonly<Record<string, string>>): Promise<Answer> {
    return send(url, "POST", "/token", {
      headers: { "content-type": "application/x-www-form-urlencoded" },
      body: new URLSearchParams(fields).toString(),
    });
  }

  async function assertOpens(bearer: string): Promise<void> {
    const answer = await client.ask("GET", "app", "manifests/1", { headers: bearing(bearer) });
    assertStatus(answer, 200);
  }

  it("issues a bearer token for five minutes, under both of its names", async () => {
    const answer = await send(url, "GET", "/token?service=x&scope=repository:shop/app:pull", {
      headers: { authorization: basic(under.token) },
    });
    assertStatus(answer, 200);
    assert.match(answer.headers["content-type"] ?? "", /^application\/json/);
    assert.equal(answer.headers["cache-control"], "no-store");
    const issued = jsonOf(answer) as Record<string, unknown>;
    assert.equal(issued["expires_in"], 300);
    assert.equal(issued["token"], issued["access_token"]);
    assert.match(String(issued["issued_at"]), /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z$/);
    await assertOpens(String(issued["token"]));
  });

  it("issues one by POST of a form as well (the same, OAuth2)", async () => {
    const { username, password } = under.token;
    const answer = await postForm({
      grant_type: "password",
      service: under.server.host,
      client_id: "test",
      username,
      password,
      scope: "repository:shop/app:pull,push",
    });
    assertStatus(answer, 200);
    await assertOpens((jsonOf(answer) as { access_token: string }).access_token);
  });

  it("refuses other grants, wrong credentials and bodies of another type", async () => {
    assertRefused(
      await postForm({ grant_type: "refresh_token", refresh_token: "x" }),
      400,
      "UNSUPPORTED",
    );
    const wrong = { grant_type: "password", username: "ci", password: "wrong password" };
    assertStatus(await postForm(wrong), 401);
    const json = await send(url, "POST", "/token", {
      headers: { "content-type": "application/json" },
      body: JSON.stringify(wrong),
    });
    assertRefused(json, 415, "UNSUPPORTED");
    assert.match(
      json.body.toString(),
      /must have the content type application\/x-www-form-urlencoded/,
    );
    const long = await postForm({ grant_type: "password", password: "x".repeat(40_000) });
    assertRefused(long, 413, "SIZE_INVALID");
    assert.match(long.body.toString(), /larger than 32768 bytes/);
  });

  it("refuses wrong credentials with a Basic challenge", async () => {
    const credentials = { username: "ci", password: "wrong password" };
    const answer = await send(url, "GET", "/token?scope=repository:shop/app:pull", {
      headers: { authorization: basic(credentials) },
    });
    assertStatus(answer, 401);
    assert.match(answer.headers["www-authenticate"] ?? "", /^Basic realm="[^"]+"$/);
  });

  it("grants no more than the caller may, without a word", async () => {
    const reader = await makeToken(url, under.registry, "reader", [PULL_ONLY]);
    const bearer = await bearerFor(url, reader, "repository:shop/app:pull,push,delete");
    await assertOpens(bearer);
    const push = await client.ask("POST", "app", "blobs/uploads/", { headers: bearing(bearer) });
    assertRefused(push, 403, "DENIED");
  });

  it("takes several scopes, repeated or in one parameter", async () => {
    const app = "repository:shop/app:pull";
    const other = "repository:shop/other:pull";
    for (const bearer of [
      await bearerFor(url, under.token, app, other),
      await bearerFor(url, under.token, `${app} ${other}`),
    ]) {
      for (const repository of ["app", "other"]) {
        const headers = bearing(bearer);
        assertStatus(await client.ask("GET", repository, "manifests/1", { headers }), 200);
      }
    }
  });

  it("passes over scopes that it cannot read", async () => {
    const odd = [
      "x",
      "repository",
      ":::",
      "repository::pull",
      "repository:SHOP/../x:pull",
      "plugin:a:b",
    ];
    await assertOpens(await bearerFor(url, under.token, ...odd, "repository:shop/app:pull"));
  });

  describe("issues a bearer token that", () => {
    async function assertInsufficient(bearer: string, method: string, rest: string, scope: string) {
      const answer = await client.ask(method, "app", rest, { headers: bearing(bearer) });
      assertRefused(answer, 401, "UNAUTHORIZED");
      const challenge = answer.headers["www-authenticate"] ?? "";
      assert.ok(challenge.includes(`scope="repository:shop/app:${scope}"`), challenge);
      assert.ok(challenge.includes('error="insufficient_scope"'), challenge);
    }

    it("opens nothing that it was not issued for, though its holder may: 401 insufficient_scope", async () => {
      const pull = await bearerFor(url, under.token, "repository:shop/app:pull");
      await assertInsufficient(pull, "POST", "blobs/uploads/", "pull,push");
      await assertInsufficient(pull, "DELETE", "manifests/1", "delete");
      const other = await bearerFor(url, under.token, "repository:shop/other:pull,push");
      await assertInsufficient(other, "GET", "manifests/1", "pull");
      const none = await bearerFor(url, under.token);
      await assertInsufficient(none, "GET", "manifests/1", "pull");
      assertStatus(await client.send("GET", "/v2/", { headers: bearing(none) }), 200);
    });

    it("opens the catalog when it was issued for that", async () => {
      const headers = bearing(await bearerFor(url, under.token, "registry:catalog:*"));
      assertStatus(await client.send("GET", "/v2/_catalog", { headers }), 200);
      assertStatus(await client.send("GET", "/v2/shop/_catalog", { headers }), 200);
      const pull = bearing(await bearerFor(url, under.token, "repository:shop/app:pull"));
      assertRefused(
        await client.send("GET", "/v2/shop/_catalog", { headers: pull }),
        401,
        "UNAUTHORIZED",
      );
    });

    it("serves a person as well", async () => {
      await assertOpens(await bearerFor(url, OWNER, "repository:shop/app:pull"));
    });

    it("lets anyone pull from a public registry, and no further", async () => {
      const open = await makeRegistry(url, "open", { visibility: "public" });
      const pushing = under.client.with({
        registry: "open",
        credentials: await makeToken(url, open, "ci"),
      });
      await pushing.pushImage("app", "1");
      const headers = bearing(await bearerFor(url, undefined, "repository:open/app:pull,push"));
      const anyone = client.with({ registry: "open" });
      assertStatus(await client.send("GET", "/v2/", { headers }), 200);
      assertStatus(await anyone.ask("GET", "app", "manifests/1", { headers }), 200);
      const push = await anyone.ask("POST", "app", "blobs/uploads/", { headers });
      assertRefused(push, 401, "UNAUTHORIZED");
      const shop = await client.ask("GET", "app", "manifests/1", { headers });
      assertRefused(shop, 401, "UNAUTHORIZED");
    });

    it("cannot be forged: not by another signature, none at all, or other claims", async () => {
      const bearer = await bearerFor(url, under.token, "repository:shop/app:pull");
      const [header = "", claims = "", signature = ""] = bearer.split(".");
      const encode = (document: object) =>
        Buffer.from(JSON.stringify(document)).toString("base64url");
      const read = JSON.parse(Buffer.from(claims, "base64url").toString());
      const flipped = `${signature.startsWith("A") ? "B" : "A"}${signature.slice(1)}`;
      for (const forged of [
        `${header}.${claims}.${flipped}`,
        `${header}.${claims}.`,
        `${header}.${claims}`,
        `${encode({ alg: "none" })}.${claims}.`,
        `${encode({ alg: "HS256" })}.${claims}.${signature}`,
        `${header}.${encode({ ...read, exp: read.exp + 1000 })}.${signature}`,
      ]) {
        const headers = bearing(forged);
        assertRefused(await client.send("GET", "/v2/", { headers }), 401, "UNAUTHORIZED");
      }
    });
  });
});
