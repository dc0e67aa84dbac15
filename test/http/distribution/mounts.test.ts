import assert from "node:assert/strict";
import { digestOf, someContent, UNKNOWN_DIGEST } from "../../support/content.ts";
import {
  assertRefused,
  assertStatus,
  type DistributionClient,
  locationOf,
} from "../../support/distribution-client.ts";
import type { Answer } from "../../support/http-request.ts";
import { makeRegistry, makeToken } from "../../support/management.ts";
import { type RegistryUnderTest, startRegistry } from "../../support/registry-under-test.ts";

describe("mounting a blob (Mounting a blob from another repository)", () => {
  let under: RegistryUnderTest;
  let client: DistributionClient;

  before(async () => {
    under = await startRegistry();
    client = under.client;
  });
  after(() => under.server.stop());

  function mount(
    by: DistributionClient,
    to: string,
    digest: string,
    from?: string,
  ): Promise<Answer> {
    const query = new URLSearchParams({ mount: digest, ...(from !== undefined && { from }) });
    return by.ask("POST", to, `blobs/uploads/?${query}`);
  }

  /** A mount that cannot be done starts an upload session instead, and makes nothing visible. */
  async function assertStartsUpload(answer: Answer, to: string, digest: string): Promise<void> {
    assertStatus(answer, 202);
    assert.match(locationOf(answer), /\/blobs\/uploads\/[A-Za-z0-9_-]+$/);
    assertStatus(await client.ask("HEAD", to, `blobs/${digest}`), 404);
  }

  for (const [what, size] of [
    ["small", 10],
    ["large", 400_000],
  ] as const) {
    it(`makes a ${what} blob visible in the other repository without its bytes`, async () => {
      const bytes = someContent(size);
      const digest = await client.pushBlob("source", bytes);
      for (const [to, from] of [
        [`target-${what}`, "shop/source"],
        [`other/target-${what}`, "source"],
      ] as const) {
        const answer = await mount(client, to, digest, from);
        assertStatus(answer, 201);
        assert.equal(locationOf(answer), `/v2/shop/${to}/blobs/${digest}`);
        assert.equal(answer.headers["docker-content-digest"], digest);
        assert.ok((await client.ask("GET", to, `blobs/${digest}`)).body.equals(bytes));
      }
    });
  }

  it("leaves the blob in one repository when it is deleted from the other", async () => {
    const bytes = someContent();
    const digest = await client.pushBlob("first", bytes);
    assertStatus(await mount(client, "second", digest, "shop/first"), 201);
    assertStatus(await client.ask("DELETE", "first", `blobs/${digest}`), 202);
    assertStatus(await client.ask("GET", "first", `blobs/${digest}`), 404);
    assert.deepEqual((await client.ask("GET", "second", `blobs/${digest}`)).body, bytes);
  });

  it("starts an upload where the source does not have the blob", async () => {
    const digest = await client.pushBlob("elsewhere", someContent());
    await client.pushBlob("empty", someContent());
    await assertStartsUpload(await mount(client, "t1", digest, "shop/empty"), "t1", digest);
    await assertStartsUpload(await mount(client, "t1", digest, "shop/nowhere"), "t1", digest);
    await assertStartsUpload(await mount(client, "t1", digest, "UPPER/..%"), "t1", digest);
    const unknown = await mount(client, "t1", UNKNOWN_DIGEST, "shop/elsewhere");
    await assertStartsUpload(unknown, "t1", UNKNOWN_DIGEST);
  });

  it("finds a source where none is named (Automatic content discovery)", async () => {
    const bytes = someContent();
    const digest = await client.pushBlob("anywhere/at-all", bytes);
    assertStatus(await mount(client, "found", digest), 201);
    assert.deepEqual((await client.ask("GET", "found", `blobs/${digest}`)).body, bytes);
    await assertStartsUpload(await mount(client, "t2", UNKNOWN_DIGEST), "t2", UNKNOWN_DIGEST);
  });

  it("finds no source that the caller may not pull from, and tells it nothing", async () => {
    const { server, registry } = under;
    const scopes = [{ type: "repository", name: "own/*", actions: ["pull", "push"] }];
    const credentials = await makeToken(server.url, registry, "discovering", scopes);
    const limited = client.with({ credentials });
    const digest = await client.pushBlob("hidden", someContent());
    await assertStartsUpload(await mount(limited, "own/app", digest), "own/app", digest);
    assertStatus(await mount(client, "own/base", digest), 201);
    assertStatus(await mount(limited, "own/app", digest), 201);
  });

  it("starts an upload where what is named is no digest", async () => {
    await client.pushBlob("elsewhere", someContent());
    assertStatus(await mount(client, "t2", "latest", "shop/elsewhere"), 202);
    assertStatus(await mount(client, "t2", "", "shop/elsewhere"), 202);
  });

  it("goes on as the upload that it started, within the same session", async () => {
    const bytes = someContent();
    const digest = digestOf(bytes);
    const answer = await mount(client, "t3", digest, "shop/nowhere");
    const put = `${locationOf(answer)}?digest=${digest}`;
    assertStatus(await client.send("PUT", put, { body: bytes }), 201);
  });

  it("starts an upload where the caller may not pull from the source, and tells it nothing", async () => {
    const { server, registry } = under;
    const scopes = [
      { type: "repository", name: "mine/*", actions: ["pull", "push"] },
      { type: "repository", name: "secret", actions: ["list", "delete"] },
    ];
    const limited = client.with({
      credentials: await makeToken(server.url, registry, "limited", scopes),
    });
    const digest = await client.pushBlob("secret", someContent());
    const there = await mount(limited, "mine/app", digest, "shop/secret");
    await assertStartsUpload(there, "mine/app", digest);
    const nowhere = await mount(limited, "mine/app", UNKNOWN_DIGEST, "shop/nowhere");
    assert.deepEqual(Object.keys(there.headers), Object.keys(nowhere.headers));
  });

  it("is refused where the caller may not push to the target", async () => {
    const { server, registry } = under;
    const scopes = [{ type: "repository", name: "*", actions: ["pull"] }];
    const reader = client.with({
      credentials: await makeToken(server.url, registry, "reader", scopes),
    });
    const digest = await client.pushBlob("source", someContent());
    assertRefused(await mount(reader, "t4", digest, "shop/source"), 403, "DENIED");
    assertStatus(await client.ask("HEAD", "t4", `blobs/${digest}`), 404);
  });

  it("never reaches into another registry, not even a public one", async () => {
    const { server } = under;
    const open = await makeRegistry(server.url, "open", { visibility: "public" });
    const pushing = client.with({
      registry: "open",
      credentials: await makeToken(server.url, open, "ci"),
    });
    const digest = await pushing.pushBlob("app", someContent());
    for (const from of ["open/app", "shop/open/app", "app"]) {
      await assertStartsUpload(await mount(client, "t5", digest, from), "t5", digest);
    }
  });
});
