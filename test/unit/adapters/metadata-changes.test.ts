import assert from "node:assert/strict";
import { join } from "node:path";
import { topicsOf } from "../../../provider/server/src/adapters/metadata-sql/change-topics.ts";
import { SqliteMetadataStore } from "../../../provider/server/src/adapters/metadata-sqlite/sqlite-metadata-store.ts";
import type { Registry } from "../../../provider/server/src/domain/registry.ts";
import {
  CHANGE_TOPICS,
  type ChangeTopic,
} from "../../../provider/server/src/ports/change-signal.ts";
import {
  APP,
  addBlobs,
  digestFor,
  imageOf,
  makeScope,
  makeToken,
  NOW,
  newSecretHash,
  populate,
  pushTo,
  SIGNATURE,
  tag,
} from "../../support/metadata-samples.ts";
import { temporaryDirectory } from "../../support/temporary-directory.ts";

describe("what a commit tells the caches of every process", () => {
  let directory: Awaited<ReturnType<typeof temporaryDirectory>>;
  let store: SqliteMetadataStore;
  let otherProcess: SqliteMetadataStore;
  let registry: Registry;

  beforeEach(async () => {
    directory = await temporaryDirectory();
    const path = join(directory.path, "metadata.sqlite");
    store = await SqliteMetadataStore.open(path);
    await store.migrate();
    otherProcess = await SqliteMetadataStore.open(path);
    registry = await populate(store);
    await addBlobs(store, registry, APP, ["layer"]);
    await pushTo(store, registry, APP, imageOf("old", ["layer"]), "latest");
  });
  afterEach(async () => {
    await store.close();
    await otherProcess.close();
    await directory.remove();
  });

  /** The topics that change, as the process that commits and another one see it. */
  async function changedBy(work: () => Promise<unknown>): Promise<readonly ChangeTopic[]> {
    const look = ({ changes }: SqliteMetadataStore) =>
      new Map(CHANGE_TOPICS.map((topic) => [topic, changes.version(topic)]));
    const [here, there] = [look(store), look(otherProcess)];
    await work();
    // Another process is asked about in each turn of the event loop.
    await new Promise((resolve) => setImmediate(resolve));
    const changed = (before: ReadonlyMap<ChangeTopic, number>, now: SqliteMetadataStore) =>
      CHANGE_TOPICS.filter((topic) => before.get(topic) !== now.changes.version(topic));
    const seen = changed(here, store);
    assert.deepEqual(changed(there, otherProcess), seen);
    return seen;
  }

  it("is nothing where content is new: nobody can have found it before", async () => {
    const seen = await changedBy(async () => {
      await addBlobs(store, registry, APP, ["new layer"]);
      await pushTo(store, registry, APP, imageOf("new", ["new layer"]), "v2");
    });
    assert.deepEqual(seen, []);
  });

  it("is nothing where pulls, uses and leases are written down", async () => {
    const token = makeToken(registry);
    await store.tokens.create(token, newSecretHash());
    const digest = digestFor("old");
    const seen = await changedBy(async () => {
      await store.usage.addPulls([
        { registryId: registry.id, repository: APP, digest, count: 1, lastAt: NOW },
      ]);
      await store.tokens.touch(new Map([[token.id, NOW]]));
      await store.instance.lease("work", "me", NOW, NOW + 1);
    });
    assert.deepEqual(seen, []);
  });

  it("is that manifests changed where a tag has moved or something was removed", async () => {
    const moved = () => pushTo(store, registry, APP, imageOf("newer", ["layer"]), "latest");
    assert.deepEqual(await changedBy(moved), ["manifests"]);
    const untagged = () => store.manifests.removeTag(registry.id, APP, tag("latest"));
    assert.deepEqual(await changedBy(untagged), ["manifests"]);
    const removed = () => store.manifests.remove(registry.id, APP, digestFor("old"));
    assert.deepEqual(await changedBy(removed), ["manifests"]);
  });

  it("is that tokens changed with any of their parts", async () => {
    const token = makeToken(registry, { scopes: [makeScope("*")] });
    await store.tokens.create(token, newSecretHash());
    const { id } = token;
    for (const work of [
      () => store.tokens.update(registry.id, id, { status: "disabled" }, SIGNATURE),
      () => store.tokens.rotate(registry.id, id, newSecretHash(), undefined, SIGNATURE),
      () => store.scopes.add(id, makeScope("b")),
      () => store.tokens.remove(registry.id, id),
    ]) {
      assert.deepEqual(await changedBy(work), ["tokens"], String(work));
    }
  });

  it("is that blobs changed where one is out of sight", async () => {
    const hidden = () => store.blobs.unlink(registry.id, APP, digestFor("layer"));
    assert.deepEqual(await changedBy(hidden), ["blobs"]);
  });

  it("is everything that goes with a registry", async () => {
    await store.tokens.create(makeToken(registry), newSecretHash());
    const removed = () => store.registries.remove(registry.organizationId, registry.id);
    assert.deepEqual(await changedBy(removed), ["registries", "tokens", "manifests", "blobs"]);
  });

  it("is everything for a table that nobody has thought of", () => {
    for (const kind of ["insert", "update", "delete"] as const) {
      const write = { kind, table: "a_later_table", column: undefined };
      assert.deepEqual(topicsOf(write), CHANGE_TOPICS);
    }
  });
});
