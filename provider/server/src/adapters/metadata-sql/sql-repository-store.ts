import { type Kysely, sql } from "kysely";
import type { AuditEvent } from "../../domain/audit.ts";
import type { RegistryId } from "../../domain/ids.ts";
import type { Tag } from "../../domain/reference.ts";
import type { RepositoryName } from "../../domain/repository-name.ts";
import type { KeysetPage, RepositoryStore } from "../../ports/repository-store.ts";
import type { AuditWriter } from "./audit-writer.ts";
import { type Placeholders, prepare } from "./prepared-query.ts";
import type { RepositoryLocator } from "./repository-locator.ts";
import type { SqlDatabase } from "./sql-database.ts";
import { stored } from "./stored-values.ts";
import type { Tables } from "./tables.ts";

export class SqlRepositoryStore implements RepositoryStore {
  readonly #database: SqlDatabase;
  readonly #audit: AuditWriter;
  readonly #locator: RepositoryLocator;
  readonly #queries: ReturnType<typeof prepareQueries>;

  constructor(database: SqlDatabase, locator: RepositoryLocator, audit: AuditWriter) {
    this.#database = database;
    this.#audit = audit;
    this.#locator = locator;
    this.#queries = prepareQueries(database.builder);
  }

  async exists(registryId: RegistryId, name: RepositoryName): Promise<boolean> {
    return (await this.#locator.find(this.#database.reader, registryId, name)) !== undefined;
  }

  async list(
    registryId: RegistryId,
    { after = "", limit }: KeysetPage<RepositoryName>,
  ): Promise<readonly RepositoryName[]> {
    const values = { registryId, after, limit };
    const rows = await this.#queries.list.rows(this.#database.reader, values);
    return rows.map((row) => stored.repositoryName(row.name));
  }

  async tags(
    registryId: RegistryId,
    name: RepositoryName,
    { after = "", limit }: KeysetPage<Tag>,
  ): Promise<readonly Tag[]> {
    const values = { registryId, name, after, limit };
    const rows = await this.#queries.tags.rows(this.#database.reader, values);
    return rows.map((row) => stored.tag(row.name));
  }

  async remove(registryId: RegistryId, name: RepositoryName, event?: AuditEvent): Promise<boolean> {
    return this.#database.transaction(async (session) => {
      const keys = await this.#locator.find(session, registryId, name);
      if (keys === undefined) {
        return false;
      }
      await this.#queries.uncountBytes.run(session, keys);
      await this.#audit.write(session, event);
      return (await this.#queries.remove.affected(session, keys)) === 1;
    });
  }
}

function prepareQueries(builder: Kysely<Tables>) {
  return {
    list: prepare(
      builder,
      (db, values: Placeholders<{ registryId: string; after: string; limit: number }>) =>
        db
          .selectFrom("registries")
          .innerJoin("repositories", "repositories.registry_key", "registries.key")
          .select("repositories.name")
          .where("registries.id", "=", values.registryId)
          // Spelled as in the index `repositories_in_catalog`, which is used for nothing else.
          .where("repositories.manifest_count", ">", sql.lit(0))
          .where("repositories.name", ">", values.after)
          .orderBy("repositories.name")
          .limit(values.limit),
    ),
    tags: prepare(
      builder,
      (
        db,
        values: Placeholders<{ registryId: string; name: string; after: string; limit: number }>,
      ) =>
        db
          .selectFrom("registries")
          .innerJoin("repositories", "repositories.registry_key", "registries.key")
          .innerJoin("tags", "tags.repository_key", "repositories.key")
          .select("tags.name")
          .where("registries.id", "=", values.registryId)
          .where("repositories.name", "=", values.name)
          .where("tags.name", ">", values.after)
          .orderBy("tags.name")
          .limit(values.limit),
    ),
    uncountBytes: prepare(
      builder,
      (db, values: Placeholders<{ registryKey: number; repositoryKey: number }>) =>
        db
          .updateTable("registry_usage")
          .set((row) => ({
            bytes: sql<number>`bytes - ${row
              .selectFrom("manifests")
              .select(sql<number>`coalesce(sum(size), 0)`.as("bytes"))
              .where("repository_key", "=", values.repositoryKey)}`,
          }))
          .where("registry_key", "=", values.registryKey),
    ),
    remove: prepare(
      builder,
      (db, values: Placeholders<{ registryKey: number; repositoryKey: number }>) =>
        db
          .deleteFrom("repositories")
          .where("key", "=", values.repositoryKey)
          .where("registry_key", "=", values.registryKey),
    ),
  };
}
