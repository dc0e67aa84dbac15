import assert from "node:assert/strict";
import { FilesystemObjectStore } from "../../provider/server/src/adapters/blob-filesystem/filesystem-object-store.ts";
import { MemoryObjectStore } from "../../provider/server/src/adapters/blob-memory/memory-object-store.ts";
import { openFilesBelow } from "../support/open-descriptors.ts";
import { temporaryDirectory } from "../support/temporary-directory.ts";
import { describeObjectStore } from "./object-store.ts";

describeObjectStore("MemoryObjectStore", async () => ({
  store: new MemoryObjectStore(),
  close: async () => {},
}));

describeObjectStore("FilesystemObjectStore", async () => {
  const directory = await temporaryDirectory();
  return {
    store: await FilesystemObjectStore.open(`${directory.path}/blobs`),
    close: async () => {
      const open = await openFilesBelow(directory.path);
      await directory.remove();
      assert.deepEqual(open, [], "no file may be left open");
    },
  };
});
