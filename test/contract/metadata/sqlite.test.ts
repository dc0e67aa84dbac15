import assert from "node:assert/strict";
import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { SqliteMetadataStore } from "../../../provider/server/src/adapters/metadata-sqlite/sqlite-metadata-store.ts";
import { openFilesBelow } from "../../support/open-descriptors.ts";
import { temporaryDirectory } from "../../support/temporary-directory.ts";
import { describeMetadataStore } from "./metadata-store.ts";

describeMetadataStore("SqliteMetadataStore on a file", async () => {
  const directory = await temporaryDirectory();
  const path = join(directory.path, "metadata.sqlite");
  const store = await SqliteMetadataStore.open(path);
  await store.migrate();
  const second = await SqliteMetadataStore.open(path);
  return {
    store,
    second,
    close: async () => {
      await store.close();
      await second.close();
      const open = await openFilesBelow(directory.path);
      const left = await readdir(directory.path);
      await directory.remove();
      assert.deepEqual(open, [], "no file may be left open");
      assert.deepEqual(left, ["metadata.sqlite"], "nothing may be left beside the database");
    },
  };
});

describeMetadataStore("SqliteMetadataStore in memory", async () => {
  const store = await SqliteMetadataStore.open(":memory:");
  await store.migrate();
  return { store, second: store, close: () => store.close() };
});
