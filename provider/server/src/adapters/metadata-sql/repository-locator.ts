import assert from "node:assert/strict";
import type { Kysely } from "kysely";
import { RegistryError } from "../../domain/errors.ts";
import type { Instant, RegistryId } from "../../domain/ids.ts";
import type { RepositoryName } from "../../domain/repository-name.ts";
import { type Placeholders, type PreparedQuery, prepare } from "./prepared-query.ts";
import type { SqlSession } from "./sql-database.ts";
import type { Tables } from "./tables.ts";

/** A repository as its rows know it. */
export interface RepositoryKeys {
  readonly registryKey: number;
  readonly repositoryKey: number;
}

/** Finds and makes repositories within the transactions of others. */
export class RepositoryLocator {
  readonly #find: PreparedQuery<
    { registryId: string; name: string },
    { registry_key: number; repository_key: number | null }
  >;
  readonly #create: PreparedQuery<
    { registryKey: number; name: string; now: number },
    { key: number }
  >;

  constructor(builder: Kysely<Tables>) {
    this.#find = prepare(
      builder,
      (db, values: Placeholders<{ registryId: string; name: string }>) =>
        db
          .selectFrom("registries")
          .leftJoin("repositories", (join) =>
            join
              .onRef("repositories.registry_key", "=", "registries.key")
              .on("repositories.name", "=", values.name),
          )
          .select(["registries.key as registry_key", "repositories.key as repository_key"])
          .where("registries.id", "=", values.registryId),
    );
    this.#create = prepare(
      builder,
      (db, values: Placeholders<{ registryKey: number; name: string; now: number }>) =>
        db
          .insertInto("repositories")
          .values({
            registry_key: values.registryKey,
            name: values.name,
            manifest_count: 0,
            created_at: values.now,
          })
          .onConflict((conflict) => conflict.doNothing())
          .returning("key"),
    );
  }

  async find(
    session: SqlSession,
    registryId: RegistryId,
    name: RepositoryName,
  ): Promise<RepositoryKeys | undefined> {
    const row = await this.#find.first(session, { registryId, name });
    return row === undefined || row.repository_key === null
      ? undefined
      : { registryKey: row.registry_key, repositoryKey: row.repository_key };
  }

  /** @throws RegistryError `registry-unknown` */
  async findOrCreate(
    session: SqlSession,
    registryId: RegistryId,
    name: RepositoryName,
    now: Instant,
  ): Promise<RepositoryKeys> {
    const row = await this.#find.first(session, { registryId, name });
    if (row === undefined) {
      throw new RegistryError("registry-unknown", { registry: registryId });
    }
    const { registry_key: registryKey } = row;
    const repositoryKey =
      row.repository_key ??
      (await this.#create.first(session, { registryKey, name, now }))?.key ??
      // Somebody else has just made it.
      (await this.#find.first(session, { registryId, name }))?.repository_key;
    assert(typeof repositoryKey === "number", "a repository that was just made is not there");
    return { registryKey, repositoryKey };
  }
}
