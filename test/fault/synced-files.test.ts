import assert from "node:assert/strict";
import { readFile, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { pathToFileURL } from "node:url";
import { digestOf, someContent } from "../support/content.ts";
import { filesBelow } from "../support/data-files.ts";
import { assertStatus, withDigest } from "../support/distribution-client.ts";
import { type RegistryUnderTest, startRegistry } from "../support/registry-under-test.ts";
import { temporaryDirectory } from "../support/temporary-directory.ts";

const RECORDER = pathToFileURL(join(import.meta.dirname, "../support/synced-files.js")).href;

/** A process that is killed loses nothing that it has written; a power cut takes all that was not synced. */
describe("what a server says that it has", () => {
  let place: Awaited<ReturnType<typeof temporaryDirectory>>;
  let record: string;
  let under: RegistryUnderTest;

  before(async () => {
    place = await temporaryDirectory();
    record = join(place.path, "synced");
    await writeFile(record, "");
    under = await startRegistry({
      NODE_OPTIONS: `--import=${RECORDER}`,
      SYNCED_FILES: record,
      MOORAGE_WORKERS: "1",
    });
  });
  after(async () => {
    await under.server.stop();
    await place.remove();
  });

  const blobs = () => join(under.server.dataDir, "blobs");

  const synced = async () => (await readFile(record, "utf8")).split("\n");

  /** Of a new file, all that a power cut must not take. */
  async function assertSynced(file: string): Promise<void> {
    const directory = dirname(file);
    for (const path of [file, directory, dirname(directory)]) {
      assert.ok((await synced()).includes(path), `${path}, for ${file}, is not on the disk`);
    }
  }

  async function onlyNew<T>(work: () => Promise<T>): Promise<string> {
    const before = new Set(await filesBelow(blobs()));
    await work();
    const [file, ...others] = (await filesBelow(blobs())).filter((each) => !before.has(each));
    assert.ok(file !== undefined && others.length === 0);
    return file;
  }

  it("of a blob is on the disk with its name before 201", async () => {
    const bytes = someContent(900_000);
    await assertSynced(await onlyNew(() => under.client.pushBlob("app", bytes)));
  });

  it("of a chunk is on the disk with its name before 202, and of the last one before 201", async () => {
    const bytes = someContent(1_500_000);
    const location = await under.client.startUpload("app");
    const body = bytes.subarray(0, 700_000);
    const file = await onlyNew(async () =>
      assertStatus(await under.client.send("PATCH", location, { body }), 202),
    );
    await assertSynced(file);
    const timesSynced = async () => (await synced()).filter((path) => path === file).length;
    const before = await timesSynced();
    const put = withDigest(location, digestOf(bytes));
    assertStatus(await under.client.send("PUT", put, { body: bytes.subarray(700_000) }), 201);
    assert.ok((await timesSynced()) > before, `the end of ${file} is not on the disk`);
  });
});
