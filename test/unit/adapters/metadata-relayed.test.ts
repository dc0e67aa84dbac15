import assert from "node:assert/strict";
import { once } from "node:events";
import { MessageChannel } from "node:worker_threads";
import { answerWrites } from "../../../provider/server/src/adapters/metadata-relayed/metadata-writer.ts";
import { WriteRelay } from "../../../provider/server/src/adapters/metadata-relayed/relayed-metadata-store.ts";
import { SqliteMetadataStore } from "../../../provider/server/src/adapters/metadata-sqlite/sqlite-metadata-store.ts";
import { RegistryError } from "../../../provider/server/src/domain/errors.ts";
import type { Registry } from "../../../provider/server/src/domain/registry.ts";
import { replacing } from "../../../provider/server/src/domain/replacing.ts";
import type { MetadataStore } from "../../../provider/server/src/ports/metadata-store.ts";
import {
  APP,
  foundBlob,
  inlineBlob,
  makeUpload,
  NOW,
  populate,
  refusal,
} from "../../support/metadata-samples.ts";

describe("writes that another thread carries out", () => {
  let stored: SqliteMetadataStore;
  let registry: Registry;
  let channel: MessageChannel;
  let relay: WriteRelay;
  let relayed: MetadataStore;
  /** How many calls the worker's own store was asked for. */
  let ownCalls: number;

  beforeEach(async () => {
    stored = await SqliteMetadataStore.open(":memory:");
    await stored.migrate();
    registry = await populate(stored);
    channel = new MessageChannel();
    relay = new WriteRelay(channel.port2);
    ownCalls = 0;
    const own = replacing<MetadataStore>(stored, {
      blobs: replacing(stored.blobs, {
        commit: (...args) => {
          ownCalls++;
          return stored.blobs.commit(...args);
        },
      }),
    });
    relayed = relay.through(own);
  });
  afterEach(async () => {
    await relay.close();
    channel.port1.close();
    await stored.close();
  });

  /** Whether it was new. */
  const commit = async (text: string) => {
    const blob = inlineBlob(text);
    return (await relayed.blobs.commit(registry.id, APP, blob, undefined, NOW)) === undefined;
  };

  it("are done when they resolve, with their results, and reads go past", async () => {
    answerWrites(channel.port1, stored);
    assert.equal(await commit("layer"), true);
    assert.equal(await commit("layer"), false);
    const blob = inlineBlob("layer");
    const found = await relayed.blobs.find(registry.id, APP, blob.digest);
    assert.deepEqual(found?.location, foundBlob(blob).location);
    assert.equal(ownCalls, 0);
  });

  it("wait for a thread that is not ready yet", async () => {
    const results = [commit("a"), commit("b")];
    answerWrites(channel.port1, stored);
    assert.deepEqual(await Promise.all(results), [true, true]);
  });

  it("are refused with the reason, the detail and the cause that the other thread had", async () => {
    const cause = new Error("the disk says no");
    answerWrites(
      channel.port1,
      replacing<MetadataStore>(stored, {
        usage: {
          addPulls: () => Promise.reject(new RegistryError("storage-full", {}, { cause })),
        },
      }),
    );
    const upload = makeUpload(registry);
    await stored.uploads.remove(upload);
    await assert.rejects(
      relayed.blobs.commit(registry.id, APP, inlineBlob("x"), upload, NOW),
      refusal("upload-unknown", { uploadId: upload.id }),
    );
    await assert.rejects(relayed.usage.addPulls([]), (error: unknown) => {
      assert.ok(error instanceof RegistryError && error.cause instanceof Error);
      assert.equal(error.reason, "storage-full");
      assert.equal(error.cause.message, cause.message);
      assert.equal(error.cause.stack, cause.stack);
      return true;
    });
  });

  it("send of bytes that lie among others no others", async () => {
    const sent = once(channel.port1, "message");
    const pool = new Uint8Array(1000).fill(7);
    const sealed = pool.subarray(10, 20);
    const blob = inlineBlob("layer");
    const among = { ...blob, location: { ...blob.location, sealed } };
    // @ts-expect-error: nobody seals here
    relayed.blobs.commit(registry.id, APP, among, undefined, NOW).catch(() => {});
    const [[call]] = (await sent) as [[{ args: { location: { sealed: Uint8Array } }[] }]];
    channel.port1.close();
    assert.equal(call.args[2]?.location.sealed.buffer.byteLength, 10);
  });

  it("are answered before the way is given up", async () => {
    answerWrites(channel.port1, stored);
    const committed = commit("layer");
    await relay.close();
    assert.equal(await committed, true);
  });

  it("are refused for now where the other thread is gone, and then done here", async () => {
    const lost = assert.rejects(commit("layer"), refusal("service-unavailable"));
    channel.port1.close();
    await lost;
    assert.equal(await commit("layer"), true);
    assert.equal(ownCalls, 1);
  });

  it("are none but those that may be sent", async () => {
    answerWrites(channel.port1, stored);
    await commit("layer");
    const { digest } = inlineBlob("layer");
    const { port1, port2 } = new MessageChannel();
    answerWrites(port1, stored);
    try {
      for (const [store, method] of [
        ["blobs", "unlink"],
        ["blobs", "constructor"],
        ["repositories", "remove"],
      ]) {
        port2.postMessage([{ id: 1, store, method, args: [registry.id, APP, digest] }]);
        const [[outcome]] = (await once(port2, "message")) as [[{ kind: string }]];
        assert.equal(outcome.kind, "failed", `${store}.${method}`);
      }
    } finally {
      port2.close();
    }
    assert.notEqual(await stored.blobs.find(registry.id, APP, digest), undefined);
  });
});
