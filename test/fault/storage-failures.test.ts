import assert from "node:assert/strict";
import { join } from "node:path";
import { FilesystemObjectStore } from "../../provider/server/src/adapters/blob-filesystem/filesystem-object-store.ts";
import { sweepOrphans } from "../../provider/server/src/app/sweep-orphans.ts";
import {
  BLOB_BLOCK_BYTES,
  ORPHAN_AGE_MILLISECONDS_MIN,
  UPLOAD_CLAIM_MILLISECONDS,
} from "../../provider/server/src/domain/limits.ts";
import { digestOf, someContent } from "../support/content.ts";
import { filesBelow, flipBit } from "../support/data-files.ts";
import { assertStatus, withDigest } from "../support/distribution-client.ts";
import { explained } from "../support/explained.ts";
import { type FailureKind, FailurePlan, failingPorts } from "../support/failing-ports.ts";
import type { Answer } from "../support/http-request.ts";
import { LocalRegistry } from "../support/local-registry.ts";
import { openFilesBelow } from "../support/open-descriptors.ts";
import { auditStorage } from "../support/storage-audit.ts";

/** More calls than any request makes: a plan that never ends is a fault of the test. */
const CALLS_MAX = 60;

describe("a storage call that fails", function () {
  this.timeout(180_000);
  const plan = new FailurePlan();
  let local: LocalRegistry;
  let number = 0;
  let millisecondsAhead = 0;

  before(async () => {
    local = await LocalRegistry.start({
      adapt: async (context, dataDir) => {
        const objects = await FilesystemObjectStore.open(join(dataDir, "blobs"));
        const clock = { now: () => Date.now() + millisecondsAhead };
        return failingPorts({ ...context, clock }, objects, plan);
      },
    });
  });
  after(() => local.close());

  /** What a request is to do, in a repository of its own. */
  interface Deed {
    /** Sends the request. */
    act(): Promise<Answer>;
    /** Fails unless what was acknowledged, by this answer, holds. */
    check(acknowledged: Answer): Promise<void>;
    /** Statuses that a repetition may have, where the failed request did its work after all. */
    readonly repeated: readonly number[];
  }

  /** Fails each storage call of a deed in turn, before and after its work, and looks at what is left each time. */
  async function failEach(prepare: (repository: string) => Promise<Deed>): Promise<number> {
    let tried = 0;
    for (const kind of ["before", "after"] satisfies FailureKind[]) {
      for (let failAt = 0; ; failAt++) {
        assert.ok(failAt < CALLS_MAX, "the request makes more and more storage calls");
        plan.disarm();
        const deed = await prepare(`fault/r${number++}`);
        plan.arm(failAt, kind);
        const answer = await deed.act().catch(() => undefined);
        const failed = plan.failed;
        plan.disarm();
        // A claim on an upload that could not be given back lapses.
        millisecondsAhead += UPLOAD_CLAIM_MILLISECONDS;
        const what = `${failed ?? "nothing"} (call ${failAt}, ${kind})`;
        await assertSound(what);
        await explained(what, async () => {
          if (answer !== undefined && answer.status < 300) {
            await deed.check(answer);
          } else {
            assert.ok(failed !== undefined, `refused without a failure: ${answer?.status}`);
            assert.ok(answer === undefined || answer.status === 500, `status ${answer?.status}`);
          }
          const again = await deed.act();
          assert.ok(
            deed.repeated.includes(again.status),
            `repeated: ${again.status} ${again.body.toString("utf8")}`,
          );
          await deed.check(again);
        });
        if (failed === undefined) {
          break;
        }
        tried++;
      }
    }
    return tried;
  }

  async function assertSound(what: string): Promise<void> {
    const { broken } = await auditStorage(local.dataDir);
    assert.deepEqual(broken, [], what);
    await local.context.liveUploads.letGoAll();
    assert.deepEqual(await openFilesBelow(join(local.dataDir, "blobs")), [], what);
  }

  const { ask, pull } = {
    ask: (...args: Parameters<LocalRegistry["client"]["ask"]>) => local.client.ask(...args),
    pull: async (repository: string, digest: string, bytes: Uint8Array) => {
      const answer = await local.client.ask("GET", repository, `blobs/${digest}`);
      assertStatus(answer, 200);
      assert.ok(answer.body.equals(bytes), "other bytes came back");
    },
  };

  for (const [name, size] of [
    ["small", 1000],
    ["large", 2 * BLOB_BLOCK_BYTES + 100],
  ] as const) {
    it(`loses nothing of a ${name} blob pushed in one request`, async () => {
      const tried = await failEach(async (repository) => {
        const bytes = someContent(size);
        const digest = digestOf(bytes);
        return {
          act: () => ask("POST", repository, `blobs/uploads/?digest=${digest}`, { body: bytes }),
          check: () => pull(repository, digest, bytes),
          repeated: [201],
        };
      });
      assert.ok(tried > 8);
    });

    it(`loses nothing of a chunk of a ${name} blob`, async () => {
      await failEach(async (repository) => {
        const bytes = someContent(size);
        const digest = digestOf(bytes);
        const location = await local.client.startUpload(repository);
        return {
          act: () => appendFromWhereItIs(location, bytes),
          check: async () => {
            const status = await local.client.send("GET", location);
            if (status.status !== 404) {
              assert.equal(offsetIn(status), size);
              assertStatus(await local.client.send("PUT", withDigest(location, digest)), 201);
            }
            await pull(repository, digest, bytes);
          },
          repeated: [202, 204, 404],
        };
      });
    });

    it(`loses nothing of a ${name} blob at the end of its upload`, async () => {
      await failEach(async (repository) => {
        const [first, second] = [someContent(size), someContent(size)];
        const bytes = Buffer.concat([first, second]);
        const digest = digestOf(bytes);
        const location = await local.client.startUpload(repository);
        assertStatus(await local.client.send("PATCH", location, { body: first }), 202);
        return {
          act: () => finishFromWhereItIs(location, repository, digest, bytes),
          check: () => pull(repository, digest, bytes),
          repeated: [201],
        };
      });
    });
  }

  it("heals a damaged blob wholly or not at all, and drops no good bytes meanwhile", async () => {
    const tried = await failEach(async (repository) => {
      const bytes = someContent(2 * BLOB_BLOCK_BYTES);
      const directory = join(local.dataDir, "blobs");
      const before = new Set(await filesBelow(directory));
      const digest = await local.client.pushBlob(repository, bytes);
      const [file = ""] = (await filesBelow(directory)).filter((name) => !before.has(name));
      await flipBit(file, 5000);
      return {
        act: () => ask("POST", repository, `blobs/uploads/?digest=${digest}`, { body: bytes }),
        check: () => pull(repository, digest, bytes),
        repeated: [201],
      };
    });
    assert.ok(tried > 16);
  });

  /** Sends what the upload lacks, if it lacks anything. */
  async function appendFromWhereItIs(location: string, bytes: Buffer): Promise<Answer> {
    const status = await local.client.send("GET", location);
    const from = offsetIn(status);
    if (status.status !== 204 || from === bytes.byteLength) {
      return status;
    }
    const headers = { "content-range": `${from}-${bytes.byteLength - 1}` };
    return local.client.send("PATCH", location, { body: bytes.subarray(from), headers });
  }

  /** What a client does: it goes on with the upload where it stands, and begins anew where it is gone. */
  async function finishFromWhereItIs(
    location: string,
    repository: string,
    digest: string,
    bytes: Buffer,
  ): Promise<Answer> {
    const status = await local.client.send("GET", location);
    if (status.status === 404) {
      return ask("POST", repository, `blobs/uploads/?digest=${digest}`, { body: bytes });
    }
    const body = bytes.subarray(offsetIn(status));
    return status.status === 204
      ? local.client.send("PUT", withDigest(location, digest), { body })
      : status;
  }

  it("loses nothing of a mount", async () => {
    const bytes = someContent();
    const digest = await local.client.pushBlob("source", bytes);
    await failEach(async (repository) => {
      const from = `${local.registry.name}/source`;
      const query = new URLSearchParams({ mount: digest, from });
      return {
        act: () => ask("POST", repository, `blobs/uploads/?${query}`),
        check: () => pull(repository, digest, bytes),
        repeated: [201],
      };
    });
  });

  it("loses nothing of a move of a tag", async () => {
    await failEach(async (repository) => {
      const { bytes, digest } = await local.client.pushImage(repository, "latest");
      const next = Buffer.concat([bytes, Buffer.from("\n")]);
      const tagged = async () => {
        const answer = await ask("GET", repository, "manifests/latest");
        assertStatus(answer, 200);
        return answer.body;
      };
      return {
        act: async () => {
          const before = await tagged();
          assert.ok(before.equals(bytes) || before.equals(next), "the tag points elsewhere");
          return local.client.putManifest(repository, "latest", next);
        },
        check: async () => {
          assert.ok((await tagged()).equals(next));
          assertStatus(await ask("GET", repository, `manifests/${digest}`), 200);
        },
        repeated: [201],
      };
    });
  });

  it("sends no wrong byte of a blob or a manifest that is pulled", async () => {
    const bytes = someContent(3 * BLOB_BLOCK_BYTES);
    const digest = await local.client.pushBlob("pulled", bytes);
    const image = await local.client.pushImage("pulled", "1");
    for (const [path, expected] of [
      [`blobs/${digest}`, bytes],
      [`blobs/${digestOf(image.layer)}`, image.layer],
      ["manifests/1", image.bytes],
    ] as const) {
      await failEach(async () => ({
        act: () => ask("GET", "pulled", path),
        check: async ({ body }) => assert.ok(body.equals(expected)),
        repeated: [200],
      }));
    }
  });

  it("deletes a tag, a manifest or a blob wholly or not at all", async () => {
    for (const kind of ["tag", "manifest", "blob"] as const) {
      await failEach(async (repository) => {
        const { digest, layer } = await local.client.pushImage(repository, "1");
        const path = {
          tag: "manifests/1",
          manifest: `manifests/${digest}`,
          blob: `blobs/${digestOf(layer)}`,
        }[kind];
        return {
          act: () => ask("DELETE", repository, path),
          check: async () => {
            assertStatus(await ask("GET", repository, path), 404);
            const manifest = await ask("GET", repository, `manifests/${digest}`);
            assertStatus(manifest, kind === "manifest" ? 404 : 200);
          },
          repeated: [202, 404],
        };
      });
    }
  });

  it("leaves no bytes that a sweep does not find", async () => {
    const clock = { now: () => Date.now() + 2 * ORPHAN_AGE_MILLISECONDS_MIN };
    const { orphans } = await auditStorage(local.dataDir);
    assert.equal(await sweepOrphans({ ...local.context, clock }), orphans.length);
    const swept = await auditStorage(local.dataDir);
    assert.deepEqual(swept, { broken: [], orphans: [] });
  });
});

/** How many bytes an upload has, by its status. */
function offsetIn({ headers }: Answer): number {
  const last = Number(headers["range"]?.split("-")[1] ?? 0);
  return last === 0 ? 0 : last + 1;
}
