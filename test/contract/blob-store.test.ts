import assert from "node:assert/strict";
import { FilesystemObjectStore } from "../../provider/server/src/adapters/blob-filesystem/filesystem-object-store.ts";
import { MemoryObjectStore } from "../../provider/server/src/adapters/blob-memory/memory-object-store.ts";
import { SealedBlobStore } from "../../provider/server/src/adapters/blob-sealed/sealed-blob-store.ts";
import { openFilesBelow } from "../support/open-descriptors.ts";
import { plainKeyRing } from "../support/plain-key-ring.ts";
import { temporaryDirectory } from "../support/temporary-directory.ts";
import { describeBlobStore } from "./blob-store.ts";

describeBlobStore("SealedBlobStore over MemoryObjectStore", async () => ({
  store: new SealedBlobStore(new MemoryObjectStore(), plainKeyRing),
  close: async () => {},
}));

describeBlobStore("SealedBlobStore over FilesystemObjectStore", async () => {
  const directory = await temporaryDirectory();
  const objects = await FilesystemObjectStore.open(`${directory.path}/blobs`);
  return {
    store: new SealedBlobStore(objects, plainKeyRing),
    close: async () => {
      const open = await openFilesBelow(directory.path);
      await directory.remove();
      assert.deepEqual(open, [], "no file may be left open");
    },
  };
});
