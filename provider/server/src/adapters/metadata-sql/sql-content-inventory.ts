import type { Kysely } from "kysely";
import type { Digest } from "../../domain/digest.ts";
import type { RegistryId, StorageKey } from "../../domain/ids.ts";
import type { RepositoryName } from "../../domain/repository-name.ts";
import type { BlobLocation } from "../../ports/blob-index.ts";
import type {
  ContentInventory,
  InventoriedBlob,
  InventoriedManifest,
  InventoriedReference,
} from "../../ports/content-inventory.ts";
import type { SealedBytes } from "../../ports/sealer.ts";
import { execute, type Placeholders, prepare } from "./prepared-query.ts";
import type { SqlDatabase } from "./sql-database.ts";
import type { Tables } from "./tables.ts";

type Page = { after: number; limit: number };

/** Walks over all rows. How a database checks itself is its own. */
export abstract class SqlContentInventory implements ContentInventory {
  readonly #database: SqlDatabase;
  readonly #queries: ReturnType<typeof prepareQueries>;

  constructor(database: SqlDatabase) {
    this.#database = database;
    this.#queries = prepareQueries(database.builder);
  }

  abstract damage(): Promise<readonly string[]>;

  async blobs(after: number, limit: number): Promise<readonly InventoriedBlob[]> {
    const rows = await this.#queries.blobs.rows(this.#database.reader, { after, limit });
    return rows.map(({ row, id, name, digest, size, storage_key, sealed, noticed_at }) => ({
      row,
      registryId: id as RegistryId,
      registryName: name,
      digest: digest as Digest,
      size,
      location: locationOf(storage_key, sealed),
      isDamaged: noticed_at !== null,
    }));
  }

  async manifests(after: number, limit: number): Promise<readonly InventoriedManifest[]> {
    const rows = await this.#queries.manifests.rows(this.#database.reader, { after, limit });
    return rows.map((row) => ({
      row: row.row,
      registryId: row.id as RegistryId,
      registryName: row.registry,
      repository: row.repository as RepositoryName,
      digest: row.digest as Digest,
      mediaType: row.media_type,
      size: row.size,
      sealed: row.sealed as SealedBytes,
    }));
  }

  async references({ row }: InventoriedManifest): Promise<readonly InventoriedReference[]> {
    const rows = await this.#queries.references.rows(this.#database.reader, { row });
    return rows.map(({ digest, blob_key, blob, manifest }) => ({
      digest: digest as Digest,
      to:
        blob_key === null
          ? manifest === null
            ? ("nothing" as const)
            : ("manifest" as const)
          : blob === null
            ? ("lost-blob" as const)
            : ("blob" as const),
    }));
  }

  async strays(): Promise<readonly string[]> {
    const { builder, reader } = this.#database;
    const tags = await execute(reader, strayTags(builder));
    const links = await execute(reader, strayLinks(builder));
    return [
      ...tags.rows.map(
        ({ registry, repository, tag }) =>
          `registry ${registry}, repository ${repository}: the tag ${tag} points at a manifest of another repository`,
      ),
      ...links.rows.map(
        ({ registry, repository, digest }) =>
          `registry ${registry}, repository ${repository}: it shows the blob ${digest} of another registry`,
      ),
    ];
  }
}

function locationOf(key: string | null, sealed: Uint8Array | null): BlobLocation {
  // The table sees to it that there is one of them.
  return key === null
    ? { kind: "inline", sealed: sealed as SealedBytes }
    : { kind: "stored", key: key as StorageKey };
}

function prepareQueries(builder: Kysely<Tables>) {
  return {
    blobs: prepare(builder, (db, { after, limit }: Placeholders<Page>) =>
      db
        .selectFrom("blobs")
        .innerJoin("registries", "registries.key", "blobs.registry_key")
        .leftJoin("marked_blobs", "marked_blobs.blob_key", "blobs.key")
        .leftJoin("damaged_blobs", "damaged_blobs.blob_key", "blobs.key")
        .select(["blobs.key as row", "registries.id", "registries.name"])
        .select([
          "damaged_blobs.noticed_at",
          "blobs.digest",
          "blobs.size",
          "blobs.storage_key",
          "blobs.sealed",
        ])
        .where("blobs.key", ">", after)
        .where("marked_blobs.blob_key", "is", null)
        .orderBy("blobs.key")
        .limit(limit),
    ),
    manifests: prepare(builder, (db, { after, limit }: Placeholders<Page>) =>
      db
        .selectFrom("manifests")
        .innerJoin("repositories", "repositories.key", "manifests.repository_key")
        .innerJoin("registries", "registries.key", "repositories.registry_key")
        .select(["manifests.key as row", "registries.id", "registries.name as registry"])
        .select(["repositories.name as repository", "manifests.digest", "manifests.media_type"])
        .select(["manifests.size", "manifests.sealed"])
        .where("manifests.key", ">", after)
        .orderBy("manifests.key")
        .limit(limit),
    ),
    references: prepare(builder, (db, { row }: Placeholders<{ row: number }>) =>
      db
        .selectFrom("manifest_references as found")
        .innerJoin("manifests as own", "own.key", "found.manifest_key")
        .innerJoin("repositories", "repositories.key", "own.repository_key")
        .leftJoin("marked_blobs", "marked_blobs.blob_key", "found.blob_key")
        .leftJoin("blobs", (join) =>
          join
            .onRef("blobs.key", "=", "found.blob_key")
            .onRef("blobs.registry_key", "=", "repositories.registry_key")
            .onRef("blobs.digest", "=", "found.digest")
            .on("marked_blobs.blob_key", "is", null),
        )
        .leftJoin("manifests as child", (join) =>
          join
            .onRef("child.repository_key", "=", "own.repository_key")
            .onRef("child.digest", "=", "found.digest"),
        )
        .select(["found.digest", "found.blob_key", "blobs.key as blob", "child.key as manifest"])
        .where("found.manifest_key", "=", row),
    ),
  };
}

function strayTags(builder: Kysely<Tables>) {
  return builder
    .selectFrom("tags")
    .innerJoin("manifests", "manifests.key", "tags.manifest_key")
    .innerJoin("repositories", "repositories.key", "tags.repository_key")
    .innerJoin("registries", "registries.key", "repositories.registry_key")
    .select(["registries.name as registry", "repositories.name as repository", "tags.name as tag"])
    .whereRef("manifests.repository_key", "!=", "tags.repository_key");
}

function strayLinks(builder: Kysely<Tables>) {
  return builder
    .selectFrom("repository_blobs")
    .innerJoin("blobs", "blobs.key", "repository_blobs.blob_key")
    .innerJoin("repositories", "repositories.key", "repository_blobs.repository_key")
    .innerJoin("registries", "registries.key", "repositories.registry_key")
    .select(["registries.name as registry", "repositories.name as repository", "blobs.digest"])
    .whereRef("blobs.registry_key", "!=", "repositories.registry_key");
}
