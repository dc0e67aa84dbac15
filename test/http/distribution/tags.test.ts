import assert from "node:assert/strict";
import {
  assertRefused,
  assertStatus,
  type DistributionClient,
} from "../../support/distribution-client.ts";
import { jsonOf } from "../../support/http-request.ts";
import { followPages, nextOf } from "../../support/pages.ts";
import { type RegistryUnderTest, startRegistry } from "../../support/registry-under-test.ts";

// By their bytes: digits before capitals before "_" before small letters.
const TAGS = ["1.0", "1.10", "1.2", "A", "Z", "_x", "a", "a-b", "a.b", "ab", "latest"];

describe("the list of tags (Listing Tags)", () => {
  let under: RegistryUnderTest;
  let client: DistributionClient;

  before(async () => {
    under = await startRegistry();
    client = under.client;
    const { bytes } = await client.pushImage("team/app", "latest");
    for (const tag of TAGS.toReversed()) {
      assertStatus(await client.putManifest("team/app", tag, bytes), 201);
    }
  });
  after(() => under.server.stop());

  it("names the repository as the client does, and its tags in the order of their bytes", async () => {
    const answer = await client.ask("GET", "team/app", "tags/list");
    assertStatus(answer, 200);
    assert.equal(answer.headers["content-type"], "application/json");
    assert.deepEqual(jsonOf(answer), { name: "shop/team/app", tags: TAGS });
    assert.equal(answer.headers["link"], undefined);
  });

  for (const n of [1, 3, 4, 10, 11, 12, 5000]) {
    it(`in pages of ${n} is complete when its links are followed to the end`, async () => {
      const path = client.path("team/app", `tags/list?n=${n}`);
      const pages = await followPages<string>(client, path, "tags");
      assert.deepEqual(pages.flat(), TAGS);
      assert.equal(pages.length, Math.ceil(TAGS.length / n));
    });
  }

  it("links to the next page in the client's spelling", async () => {
    const answer = await client.ask("GET", "team/app", "tags/list?n=2");
    assert.equal(nextOf(answer), "/v2/shop/team/app/tags/list?n=2&last=1.10");
  });

  it("begins behind last, which need not be a tag", async () => {
    for (const [last, expected] of [
      ["1.2", TAGS.slice(3)],
      ["B", TAGS.slice(4)],
      ["", TAGS],
      ["zzz", []],
      ["%00", TAGS],
      ["a%20b", TAGS.slice(7)],
    ] as const) {
      const answer = await client.ask("GET", "team/app", `tags/list?last=${last}`);
      assertStatus(answer, 200);
      assert.deepEqual((jsonOf(answer) as { tags: string[] }).tags, expected, last);
    }
  });

  it("of no entries is empty and leads nowhere", async () => {
    const answer = await client.ask("GET", "team/app", "tags/list?n=0");
    assertStatus(answer, 200);
    assert.deepEqual(jsonOf(answer), { name: "shop/team/app", tags: [] });
    assert.equal(answer.headers["link"], undefined);
  });

  for (const n of ["-1", "x", "", "1.5", "1e2", "99999999999999999999"]) {
    it(`refuses n=${JSON.stringify(n)}`, async () => {
      const answer = await client.ask("GET", "team/app", `tags/list?n=${n}`);
      assertRefused(answer, 400, "PAGINATION_NUMBER_INVALID");
    });
  }

  it("of a repository that does not exist is 404, and of one without tags empty", async () => {
    assertRefused(await client.ask("GET", "none", "tags/list"), 404, "NAME_UNKNOWN");
    await client.pushBlob("untagged", Buffer.from("x"));
    const answer = await client.ask("GET", "untagged", "tags/list");
    assert.deepEqual(jsonOf(answer), { name: "shop/untagged", tags: [] });
  });

  it("answers 405 to any other method", async () => {
    for (const method of ["POST", "PUT", "DELETE", "PATCH"]) {
      assertRefused(await client.ask(method, "team/app", "tags/list"), 405, "UNSUPPORTED");
    }
  });
});
