import { type Kysely, type RawBuilder, sql } from "kysely";
import { type Placeholders, prepare } from "./prepared-query.ts";
import type { Tables } from "./tables.ts";

export type DamageQueries = ReturnType<typeof prepareDamageQueries>;

/** A blob, and where its bytes are: what is said of them is not said of others that took their place. */
export type PlacedBlob = {
  registryId: string;
  digest: string;
  storageKey: string | null;
  sealed: Uint8Array | null;
};

export function prepareDamageQueries(builder: Kysely<Tables>) {
  return {
    placed: prepare(builder, (db, values: Placeholders<PlacedBlob>) =>
      db
        .selectFrom("blobs")
        .innerJoin("registries", "registries.key", "blobs.registry_key")
        .leftJoin("marked_blobs", "marked_blobs.blob_key", "blobs.key")
        .select("blobs.key")
        .where("registries.id", "=", values.registryId)
        .where("blobs.digest", "=", values.digest)
        .where(sql<boolean>`blobs.storage_key is not distinct from ${values.storageKey}`)
        .where(sql<boolean>`blobs.sealed is not distinct from ${values.sealed}`)
        .where("marked_blobs.blob_key", "is", null),
    ),
    note: prepare(builder, (db, { key, now }: Placeholders<{ key: number; now: number }>) =>
      db
        .insertInto("damaged_blobs")
        .values({ blob_key: key, noticed_at: now })
        .onConflict((conflict) => conflict.doNothing()),
    ),
    forget: prepare(builder, (db, { key }: Placeholders<{ key: number }>) =>
      db.deleteFrom("damaged_blobs").where("blob_key", "=", key),
    ),
    replace: prepare(
      builder,
      (
        db,
        {
          key,
          storageKey,
          sealed,
        }: Placeholders<{ key: number } & Pick<PlacedBlob, "storageKey" | "sealed">>,
      ) => db.updateTable("blobs").set({ storage_key: storageKey, sealed }).where("key", "=", key),
    ),
  };
}

/**
 * Whether a blob of the row of `manifests`, or of one of those that it lists, is damaged: 1 or 0. Where nothing is, which is the rule, that is one look
 * into an empty table.
 */
export function isIncomplete(): RawBuilder<number> {
  return sql<number>`case
    when not exists (select 1 from damaged_blobs where blob_key > 0) then 0
    when exists (
      select 1 from manifest_references as own
        join damaged_blobs on damaged_blobs.blob_key = own.blob_key
        where own.manifest_key = manifests.key
    ) then 1
    when exists (
      select 1 from manifest_references as listing
        join manifests as child
          on child.repository_key = manifests.repository_key and child.digest = listing.digest
        join manifest_references as own on own.manifest_key = child.key
        join damaged_blobs on damaged_blobs.blob_key = own.blob_key
        where listing.manifest_key = manifests.key and listing.blob_key is null
    ) then 1
    else 0 end`;
}
