import { join } from "node:path";
import { cacheMetadata } from "../../../provider/server/src/adapters/metadata-cached/cached-metadata-store.ts";
import { SqliteMetadataStore } from "../../../provider/server/src/adapters/metadata-sqlite/sqlite-metadata-store.ts";
import { temporaryDirectory } from "../../support/temporary-directory.ts";
import { describeMetadataStore } from "./metadata-store.ts";

async function openCached(path: string, commits?: Int32Array) {
  const store = await SqliteMetadataStore.open(path, commits);
  await store.migrate();
  return cacheMetadata(store, store.changes);
}

function describeCached(name: string, makeCounter: () => Int32Array | undefined): void {
  describeMetadataStore(name, async () => {
    const directory = await temporaryDirectory();
    const path = join(directory.path, "metadata.sqlite");
    const counter = makeCounter();
    const store = await openCached(path, counter);
    const second = await openCached(path, counter);
    return {
      store,
      second,
      close: async () => {
        await store.close();
        await second.close();
        await directory.remove();
      },
    };
  });
}

describeCached("a cached metadata store, of two threads,", () => {
  return new Int32Array(new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT));
});

describeCached("a cached metadata store, of two processes,", () => undefined);
