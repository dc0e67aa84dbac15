import assert from "node:assert/strict";
import { VersionedCache } from "../../../provider/server/src/adapters/metadata-cached/versioned-cache.ts";
import type { AtOnce } from "../../../provider/server/src/domain/at-once.ts";

describe("a cache of what was read from the metadata store", () => {
  let version: number;
  let cache: VersionedCache<string>;
  let reads: string[];

  beforeEach(() => {
    version = 1;
    reads = [];
    cache = new VersionedCache(
      () => version,
      10,
      (value) => value.length,
    );
  });

  function read(key: string, found: string | undefined = `${key}!`): AtOnce<string | undefined> {
    return cache.through(key, async () => {
      reads.push(key);
      return found;
    });
  }

  it("reads once what did not change", async () => {
    assert.equal(await read("a"), "a!");
    assert.equal(await read("a"), "a!");
    assert.deepEqual(reads, ["a"]);
  });

  it("tells what it knows at once", async () => {
    assert.ok(read("a") instanceof Promise);
    await read("a");
    assert.equal(read("a"), "a!");
  });

  it("forgets everything once something was committed", async () => {
    await read("a", "old");
    await read("b");
    version = 2;
    assert.equal(await read("a", "new"), "new");
    await read("b");
    assert.deepEqual(reads, ["a", "b", "a", "b"]);
  });

  it("does not keep what was read before a commit that came before it was stored", async () => {
    const overtaken = cache.through("a", async () => {
      version = 2;
      await read("b");
      return "old";
    });
    assert.equal(await overtaken, "old");
    assert.equal(await read("a", "new"), "new");
  });

  it("does not keep a value under a version that nobody has looked at yet", async () => {
    await cache.through("a", async () => {
      version = 2;
      return "old";
    });
    assert.equal(await read("a", "new"), "new");
  });

  it("does not remember that there was nothing", async () => {
    assert.equal(await cache.through("a", async () => undefined), undefined);
    assert.equal(await read("a"), "a!");
  });

  it("makes room by what was not used while others were", async () => {
    await read("a", "1234");
    await read("b", "1234");
    await read("a");
    await read("c", "1234");
    reads = [];
    await read("a");
    await read("c");
    await read("b");
    assert.deepEqual(reads, ["b"]);
  });

  it("does not keep what is heavier than all of it", async () => {
    await read("a", "12345678901");
    await read("a");
    assert.deepEqual(reads, ["a", "a"]);
  });
});
