import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { digestOf, someContent } from "../support/content.ts";
import { assertRefused, assertStatus, type PushedImage } from "../support/distribution-client.ts";
import type { Answer } from "../support/http-request.ts";
import { LocalRegistry } from "../support/local-registry.ts";
import { openFilesBelow } from "../support/open-descriptors.ts";
import { auditStorage } from "../support/storage-audit.ts";
import { temporaryDirectory } from "../support/temporary-directory.ts";

const run = promisify(execFile);
const DISK_BYTES = 24 * 1024 * 1024;
/** What somebody else has on the disk, for now. */
const OTHER_BYTES = 6 * 1024 * 1024;

describe("a disk that is full", function () {
  this.timeout(120_000);
  let directory: { path: string; remove: () => Promise<void> };
  let disk: string;
  let local: LocalRegistry;
  let image: PushedImage;
  const pushed: { readonly digest: string; readonly bytes: Buffer }[] = [];

  before(async () => {
    directory = await temporaryDirectory();
    disk = directory.path;
    try {
      await run("mount", ["-t", "tmpfs", "-o", `size=${DISK_BYTES},mode=0700`, "moorage", disk]);
    } catch (cause) {
      await directory.remove();
      throw new Error("this test mounts a small tmpfs, for which it needs the rights of root", {
        cause,
      });
    }
    await writeFile(join(disk, "other"), Buffer.alloc(OTHER_BYTES));
    local = await LocalRegistry.start({ dataDir: join(disk, "data") });
    image = await local.client.pushImage("app", "1");
  });
  after(async () => {
    await local?.close();
    await run("umount", [disk]);
    await directory.remove();
  });

  const push = async (size: number): Promise<Answer> => {
    const bytes = someContent(size);
    const digest = digestOf(bytes);
    const path = `blobs/uploads/?digest=${digest}`;
    const answer = await local.client.ask("POST", "app", path, { body: bytes });
    if (answer.status === 201) {
      pushed.push({ digest, bytes });
    }
    return answer;
  };
  /** Pushes until there is no room for more, and returns the refusal. */
  const fill = async (size: number): Promise<Answer> => {
    for (let count = 0; count < (2 * DISK_BYTES) / size; count++) {
      const answer = await push(size);
      if (answer.status !== 201) {
        return answer;
      }
    }
    throw new Error("the disk takes more than its size");
  };
  const assertAllThere = async () => {
    for (const { digest, bytes } of pushed) {
      const answer = await local.client.ask("GET", "app", `blobs/${digest}`);
      assertStatus(answer, 200);
      assert.ok(answer.body.equals(bytes));
    }
    const manifest = await local.client.ask("GET", "app", "manifests/1");
    assert.ok(manifest.body.equals(image.bytes));
    assert.deepEqual((await auditStorage(local.dataDir)).broken, []);
    assert.deepEqual(await openFilesBelow(join(local.dataDir, "blobs")), []);
  };

  it("answers 507 to what finds no room, and loses nothing that it has", async () => {
    assertRefused(await fill(3_000_000), 507, "UNAVAILABLE");
    await assertAllThere();
  });

  it("answers 507 when the database finds no room either", async () => {
    for (const size of [60_000, 100]) {
      assertRefused(await fill(size), 507, "UNAVAILABLE");
    }
    const tagged = Buffer.concat([image.bytes, Buffer.alloc(1_000_000, "\n")]);
    assertRefused(await local.client.putManifest("app", "2", tagged), 507, "UNAVAILABLE");
    await assertAllThere();
  });

  it("takes pushes again as soon as there is room", async () => {
    await rm(join(disk, "other"));
    assertStatus(await push(100), 201);
    assertStatus(await push(100_000), 201);
    await local.client.pushImage("app", "2");
    await assertAllThere();
    assert.deepEqual((await auditStorage(local.dataDir)).orphans, []);
  });
});
