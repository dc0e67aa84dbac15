import assert from "node:assert/strict";
import { CompiledQuery } from "kysely";
import { migrate } from "../../../provider/server/src/adapters/metadata-sql/migrate.ts";
import { MIGRATIONS } from "../../../provider/server/src/adapters/metadata-sql/migrations/all.ts";
import { SqlMetadataStore } from "../../../provider/server/src/adapters/metadata-sql/sql-metadata-store.ts";
import { SqliteDatabase } from "../../../provider/server/src/adapters/metadata-sqlite/sqlite-database.ts";
import { operatorSignature } from "../../../provider/server/src/domain/registry.ts";
import { APP, digestFor, NOW, ORGANIZATION, OWNER } from "../../support/metadata-samples.ts";

/** A registry with one repository and two manifests, as the first schema kept them. */
const FIRST_SCHEMA_ROWS = [
  `insert into organizations values (1, '${ORGANIZATION.id}', 'Example', 1)`,
  `insert into users values (4, 1, '${OWNER.id}', '${OWNER.email}', 'owner@example.test', null, 'owner', null, ${NOW})`,
  `insert into registries values (7, 1, '0c7f2c1e-30ab-4a0f-8d58-8f7e3f9d3a01', 'shop', 'de/fra', 'private',
    'Running', null, 0, '[]', 0, ${NOW}, 'id', 'name', null, null, null, 1, x'01')`,
  "insert into registry_usage values (7, 10)",
  `insert into repositories values (3, 7, '${APP}', 2, ${NOW}, ${NOW + 5}, null, 0)`,
  ...["one", "two"].map(
    (text, index) =>
      `insert into manifests values (${index + 1}, 3, '${digestFor(text)}',
        'application/vnd.oci.image.manifest.v1+json', null, null, 5, ${NOW + index}, null, x'02')`,
  ),
];

describe("a database of the first schema", () => {
  it("is upgraded with what it holds: its people, and content pushed once and pulled never", async () => {
    const database = await SqliteDatabase.open(":memory:");
    try {
      await migrate(database, MIGRATIONS.slice(0, 1));
      for (const text of FIRST_SCHEMA_ROWS) {
        await database.transaction((session) => session.execute(CompiledQuery.raw(text)));
      }
      const store = new SqlMetadataStore(database);
      await store.migrate();
      const registry = await store.registries.findByName("shop");
      assert.ok(registry !== undefined);
      const owner = await store.users.findByEmail(OWNER.email);
      assert.deepEqual(owner?.created, operatorSignature(NOW));
      assert.deepEqual([owner.role, owner.modified, owner.revision], ["owner", undefined, 1]);
      const repository = await store.content.repository(registry.id, APP);
      assert.deepEqual(
        [repository?.artifactCount, repository?.pushCount, repository?.pullCount],
        [2, 2, 0],
      );
      const order = { orderBy: "lastPush", isDescending: true, offset: 0, limit: 10 } as const;
      const artifacts = await store.content.artifactsOf(registry.id, APP, order);
      assert.deepEqual(
        artifacts.map(({ digest, pushCount, pullCount, lastPushedAt, lastPulledAt }) => ({
          digest,
          counts: [pushCount, pullCount],
          times: [lastPushedAt, lastPulledAt],
        })),
        ["two", "one"].map((text, index) => ({
          digest: digestFor(text),
          counts: [1, 0],
          times: [NOW + 1 - index, undefined],
        })),
      );
    } finally {
      await database.close();
    }
  });
});
