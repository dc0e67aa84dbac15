// A process of its own that writes to the database named by its first argument until it is killed, and prints the name of each
// registry whose creation was acknowledged.
import { SqliteMetadataStore } from "../../provider/server/src/adapters/metadata-sqlite/sqlite-metadata-store.ts";
import { addRegistry, populate } from "./metadata-samples.ts";

const [, , path = ":memory:"] = process.argv;
const store = await SqliteMetadataStore.open(path);
await store.migrate();
await populate(store);
for (;;) {
  const added = await Promise.all(Array.from({ length: 5 }, () => addRegistry(store)));
  process.stdout.write(added.map(({ name }) => `${name}\n`).join(""));
}
