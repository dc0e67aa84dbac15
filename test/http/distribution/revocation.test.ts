import assert from "node:assert/strict";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { bearerFor, bearing } from "../../support/bearer.ts";
import { assertRefused, assertStatus } from "../../support/distribution-client.ts";
import { type MadeToken, makeToken, manage } from "../../support/management.ts";
import { type RegistryUnderTest, startRegistry } from "../../support/registry-under-test.ts";

const SCOPE = "repository:shop/app:pull,push";

describe("a token stops working with the very next request, its bearer tokens too, once it", () => {
  let under: RegistryUnderTest;
  let made = 0;

  before(async () => {
    under = await startRegistry();
    await under.client.pushImage("app", "1");
  });
  after(() => under.server.stop());

  /** A token that works, with a bearer token that was issued for it. */
  async function workingToken(more: object = {}): Promise<{ token: MadeToken; bearer: string }> {
    const { url } = under.server;
    const token = await makeToken(url, under.registry, `ci-${made++}`, undefined, { ...more });
    const bearer = await bearerFor(url, token, SCOPE);
    for (const client of clientsOf(token, bearer)) {
      assertStatus(await client.ask("GET", "app", "manifests/1"), 200);
    }
    return { token, bearer };
  }

  function clientsOf(token: MadeToken, bearer: string) {
    const { client } = under;
    return [
      client.with({ credentials: token }),
      client.anonymous().with({ headers: bearing(bearer) }),
    ];
  }

  async function assertRefusedEverywhere(token: MadeToken, bearer: string): Promise<void> {
    for (const client of clientsOf(token, bearer)) {
      for (const [method, rest] of [
        ["GET", "manifests/1"],
        ["GET", "tags/list"],
        ["POST", "blobs/uploads/"],
      ] as const) {
        const answer = await client.ask(method, "app", rest);
        assertRefused(answer, 401, "UNAUTHORIZED");
        assert.match(answer.headers["www-authenticate"] ?? "", /error="invalid_token"/);
      }
    }
    assertRefused(
      (await clientsOf(token, bearer)[0]?.send("GET", "/token")) ?? assert.fail(),
      401,
      "UNAUTHORIZED",
    );
  }

  function tokenPath(token: MadeToken): string {
    return `/registries/${under.registry.id}/tokens/${token.id}`;
  }

  async function change(token: MadeToken, method: string, body?: object): Promise<void> {
    const answer = await manage(under.server.url, method, tokenPath(token), body);
    assert.equal(answer.ok, true, await answer.text());
  }

  it("is disabled; and works again once it is enabled", async () => {
    const { token, bearer } = await workingToken();
    await change(token, "PATCH", { status: "disabled" });
    await assertRefusedEverywhere(token, bearer);
    await change(token, "PATCH", { status: "enabled" });
    for (const client of clientsOf(token, bearer)) {
      assertStatus(await client.ask("GET", "app", "manifests/1"), 200);
    }
  });

  it("is deleted", async () => {
    const { token, bearer } = await workingToken();
    await change(token, "DELETE");
    await assertRefusedEverywhere(token, bearer);
  });

  it("has expired", async () => {
    const expiryDate = new Date(Date.now() + 2 * 3_600_000).toISOString();
    const { token, bearer } = await workingToken({ expiryDate });
    await under.server.kill("SIGTERM");
    const database = new DatabaseSync(join(under.server.dataDir, "metadata.sqlite"));
    const changed = database
      .prepare("UPDATE tokens SET expires_at = ? WHERE id = ?")
      .run(Date.now() - 1, token.id);
    database.close();
    assert.equal(changed.changes, 1);
    await under.server.restart();
    await assertRefusedEverywhere(token, bearer);
  });

  it("is narrowed, for what it no longer may: 403, while the rest goes on", async () => {
    const { token, bearer } = await workingToken();
    const pull = [{ type: "repository", name: "*", actions: ["pull"] }];
    await change(token, "PATCH", { scopes: pull });
    for (const client of clientsOf(token, bearer)) {
      assertRefused(await client.ask("POST", "app", "blobs/uploads/"), 403, "DENIED");
      assertStatus(await client.ask("GET", "app", "manifests/1"), 200);
    }
    await change(token, "PATCH", { scopes: [{ ...pull[0], name: "other/*" }] });
    for (const client of clientsOf(token, bearer)) {
      assertRefused(await client.ask("GET", "app", "manifests/1"), 403, "DENIED");
    }
  });

  it("loses its registry", async () => {
    const { token, bearer } = await workingToken();
    const path = `/registries/${under.registry.id}`;
    const answer = await manage(under.server.url, "DELETE", path);
    assert.equal(answer.status, 204);
    await assertRefusedEverywhere(token, bearer);
  });
});

describe("a one-time token", () => {
  let under: RegistryUnderTest;

  before(async () => {
    under = await startRegistry();
  });
  after(() => under.server.stop());

  it("pushes blobs, manifests by digest, and one tagged manifest; then it is gone", async () => {
    const { server, registry, client } = under;
    const once = await makeToken(server.url, registry, "once", undefined, { oneTime: true });
    const pushing = client.with({ credentials: once });
    await pushing.pushImage("app");
    await pushing.pushImage("app", "1");
    assertRefused(await pushing.ask("GET", "app", "manifests/1"), 401, "UNAUTHORIZED");
    assertStatus(await client.ask("GET", "app", "manifests/1"), 200);
    const gone = await manage(server.url, "GET", `/registries/${registry.id}/tokens/${once.id}`);
    assert.equal(gone.status, 404);
  });

  it("pushes one tagged manifest even when several are pushed at once", async () => {
    const { server, registry, client } = under;
    const { bytes } = await client.pushImage("race", "0");
    const once = await makeToken(server.url, registry, "once", undefined, { oneTime: true });
    const pushing = client.with({ credentials: once });
    const tags = ["a", "b", "c", "d", "e", "f"];
    const answers = await Promise.all(tags.map((tag) => pushing.putManifest("race", tag, bytes)));
    const statuses = answers.map(({ status }) => status).sort();
    assert.deepEqual(statuses, [201, 401, 401, 401, 401, 401]);
  });
});
