import assert from "node:assert/strict";
import { closeSync, constants, openSync, writeSync } from "node:fs";
import { readFile, unlink } from "node:fs/promises";
import { join } from "node:path";
import {
  type DirectWriting,
  ObjectFile,
} from "../../../provider/server/src/adapters/blob-filesystem/object-file.ts";
import {
  PAGE_BYTES,
  StagingBuffers,
} from "../../../provider/server/src/adapters/blob-filesystem/staging-buffers.ts";
import { patternBytes } from "../../support/byte-patterns.ts";
import { openFilesBelow } from "../../support/open-descriptors.ts";
import { temporaryDirectory } from "../../support/temporary-directory.ts";

const START = 5;

describe("an object's file", () => {
  let directory: { path: string; remove: () => Promise<void> };
  let path: string;
  beforeEach(async () => {
    directory = await temporaryDirectory();
    path = join(directory.path, "object");
  });
  afterEach(async () => {
    assert.deepEqual(await openFilesBelow(directory.path), []);
    await directory.remove();
  });

  /** Writes from within one page to within another, twice, and returns how much of it went through the page cache. */
  async function writeTwice(writing: DirectWriting, buffer: Uint8Array): Promise<number> {
    const flags = constants.O_RDWR | constants.O_CREAT;
    const file = new ObjectFile(path, openSync(path, flags, 0o600), writing);
    const bytes = patternBytes(buffer.byteLength - START - 7);
    buffer.set(bytes, START);
    const position = 3 * PAGE_BYTES + START;
    await file.write(buffer.subarray(START, START + bytes.byteLength), position);
    await file.write(buffer.subarray(START, START + bytes.byteLength), position);
    const { unsyncedCachedBytes } = file;
    await file.sync();
    await file.close();
    const stored = await readFile(path);
    assert.equal(stored.byteLength, position + bytes.byteLength);
    assert.ok(stored.subarray(position).equals(bytes));
    assert.ok(stored.subarray(0, position).every((byte) => byte === 0));
    return unsyncedCachedBytes;
  }

  it("leaves whole pages out of the page cache, if its file system can", async () => {
    const writing = { isPossible: true };
    const cached = await writeTwice(writing, new StagingBuffers().take());
    // That it can is found out past the code under test: a fallback that should not be is a failure.
    const canDo = await writesDirectly(join(directory.path, "probe"));
    assert.equal(writing.isPossible, canDo);
    if (canDo) {
      assert.equal(cached, 2 * (PAGE_BYTES - START + PAGE_BYTES - 7));
    }
  });

  it("goes through the page cache where it cannot go past it", async () => {
    const buffer = new StagingBuffers().take();
    const cached = await writeTwice({ isPossible: false }, buffer);
    assert.equal(cached, 2 * (buffer.byteLength - START - 7));
  });

  it("may be removed while it is written", async () => {
    const flags = constants.O_RDWR | constants.O_CREAT;
    const writing = { isPossible: true };
    const file = new ObjectFile(path, openSync(path, flags, 0o600), writing);
    await unlink(path);
    await file.write(new StagingBuffers().take(), 0);
    await file.sync();
    await file.close();
    assert.equal(writing.isPossible, true);
  });

  it("finds out by itself where it cannot", async () => {
    // Memory that begins within a page is refused like a file system that does not know how.
    const memory = new StagingBuffers().take();
    const refusals: string[] = [];
    const writing = { isPossible: true, onRefusal: (call: string) => refusals.push(call) };
    await writeTwice(writing, memory.subarray(1));
    await writeTwice(writing, memory.subarray(1));
    assert.equal(writing.isPossible, false);
    assert.equal(refusals.length, 1);
  });
});

/** Whether the file system takes a write of whole pages, from memory that begins at a page's edge, with `O_DIRECT`. */
async function writesDirectly(path: string): Promise<boolean> {
  const pages = new ArrayBuffer(8 * PAGE_BYTES, { maxByteLength: 8 * PAGE_BYTES });
  try {
    const flags = constants.O_WRONLY | constants.O_CREAT | constants.O_DIRECT;
    const file = openSync(path, flags, 0o600);
    try {
      return writeSync(file, new Uint8Array(pages), 0, pages.byteLength, 0) === pages.byteLength;
    } finally {
      closeSync(file);
    }
  } catch (error) {
    assert.ok(error instanceof Error && "code" in error && error.code === "EINVAL", String(error));
    return false;
  }
}

describe("staging buffers", () => {
  it("are used again", () => {
    const buffers = new StagingBuffers();
    const first = buffers.take();
    buffers.put(first);
    assert.equal(buffers.take(), first);
  });

  it("are small when there are many, and of whole pages", () => {
    const buffers = new StagingBuffers();
    const taken = Array.from({ length: 200 }, () => buffers.take());
    const bytes = taken.reduce((sum, { byteLength }) => sum + byteLength, 0);
    assert.ok(bytes < 64 * 1024 * 1024);
    assert.ok(taken.every(({ byteLength }) => byteLength % PAGE_BYTES === 0));
    assert.equal(new Set(taken).size, taken.length);
  });
});
