import assert from "node:assert/strict";
import {
  PAGE_LENGTH_DEFAULT,
  PAGE_LENGTH_MAX,
  REPOSITORY_NAME_LENGTH_MAX,
  TAG_LENGTH_MAX,
  TAGS_PER_PUSH_MAX,
} from "../../../provider/server/src/domain/limits.ts";
import { assertRefused, assertStatus } from "../../support/distribution-client.ts";
import { jsonOf } from "../../support/http-request.ts";
import { LocalRegistry } from "../../support/local-registry.ts";

describe("the limits of names, tags and pages", () => {
  let local: LocalRegistry;
  before(async () => {
    local = await LocalRegistry.start();
  });
  after(() => local.close());

  /** A name of so many characters, in components. */
  const nameOf = (length: number) =>
    "a/"
      .repeat(length)
      .slice(0, length - 1)
      .padEnd(length, "b");

  it("take a repository's name of 255 characters, and none of 256", async () => {
    const longest = nameOf(REPOSITORY_NAME_LENGTH_MAX);
    const { digest } = await local.client.pushImage(longest, "1");
    assertStatus(await local.client.ask("GET", longest, `manifests/${digest}`), 200);
    const longer = nameOf(REPOSITORY_NAME_LENGTH_MAX + 1);
    assertRefused(await local.client.ask("POST", longer, "blobs/uploads/"), 400, "NAME_INVALID");
    assertRefused(await local.client.ask("GET", longer, "tags/list"), 400, "NAME_INVALID");
  });

  it("take a tag of 128 characters, and none of 129", async () => {
    const longest = "t".repeat(TAG_LENGTH_MAX);
    const { bytes } = await local.client.pushImage("app", longest);
    assertStatus(await local.client.ask("GET", "app", `manifests/${longest}`), 200);
    const refused = await local.client.putManifest("app", `${longest}t`, bytes);
    assertRefused(refused, 400, "TAG_INVALID");
    assertStatus(await local.client.ask("GET", "app", `manifests/${longest}t`), 404);
  });

  it("take so many tags in one push, and not one more", async () => {
    const { bytes, digest } = await local.client.pushImage("tags");
    const put = (count: number) =>
      local.client.putManifest("tags", `${digest}?${tagQuery(0, count)}`, bytes);
    assertRefused(await put(TAGS_PER_PUSH_MAX + 1), 414, "TAG_INVALID");
    const none = await local.client.ask("GET", "tags", "tags/list");
    assert.deepEqual(jsonOf(none), { name: "shop/tags", tags: [] });
    assertStatus(await put(TAGS_PER_PUSH_MAX), 201);
  });

  it("cut a page that is asked to be longer than any, and lead on", async () => {
    const { bytes, digest } = await local.client.pushImage("pages");
    const total = PAGE_LENGTH_MAX + 5;
    for (let from = 0; from < total; from += TAGS_PER_PUSH_MAX) {
      const query = tagQuery(from, Math.min(TAGS_PER_PUSH_MAX, total - from));
      const answer = await local.client.putManifest("pages", `${digest}?${query}`, bytes);
      assertStatus(answer, 201);
    }
    const tagsAt = async (path: string) => {
      const answer = await local.client.send("GET", path);
      assertStatus(answer, 200);
      const { tags } = jsonOf(answer) as { tags: string[] };
      return { tags, next: /^<(.*)>; rel="next"$/.exec(String(answer.headers["link"] ?? ""))?.[1] };
    };
    const list = local.client.path("pages", "tags/list");
    assert.equal((await tagsAt(list)).tags.length, PAGE_LENGTH_DEFAULT);
    const first = await tagsAt(`${list}?n=${PAGE_LENGTH_MAX * 1000}`);
    assert.equal(first.tags.length, PAGE_LENGTH_MAX);
    assert.ok(first.next !== undefined, "no page follows");
    const second = await tagsAt(first.next);
    assert.equal(second.next, undefined);
    assert.equal(new Set([...first.tags, ...second.tags]).size, total);
  });
});

function tagQuery(from: number, count: number): string {
  return Array.from({ length: count }, (_, index) => `tag=t${from + index}`).join("&");
}
