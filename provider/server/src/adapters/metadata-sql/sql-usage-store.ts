import { sql } from "kysely";
import type { Pulls, UsageStore } from "../../ports/usage-store.ts";
import { type Placeholders, type PreparedQuery, prepare } from "./prepared-query.ts";
import type { SqlDatabase } from "./sql-database.ts";

type Addition = { key: number; count: number; at: number };

export class SqlUsageStore implements UsageStore {
  readonly #database: SqlDatabase;
  readonly #keysOf: PreparedQuery<
    { registryId: string; repository: string; digest: string },
    { repository_key: number; manifest_key: number }
  >;
  readonly #addToManifest: PreparedQuery<Addition, unknown>;
  readonly #addToRepository: PreparedQuery<Addition, unknown>;

  constructor(database: SqlDatabase) {
    const { builder } = database;
    this.#database = database;
    this.#keysOf = prepare(
      builder,
      (db, values: Placeholders<{ registryId: string; repository: string; digest: string }>) =>
        db
          .selectFrom("registries")
          .innerJoin("repositories", "repositories.registry_key", "registries.key")
          .innerJoin("manifests", "manifests.repository_key", "repositories.key")
          .select(["repositories.key as repository_key", "manifests.key as manifest_key"])
          .where("registries.id", "=", values.registryId)
          .where("repositories.name", "=", values.repository)
          .where("manifests.digest", "=", values.digest),
    );
    this.#addToManifest = prepare(builder, (db, { key, count, at }: Placeholders<Addition>) =>
      db
        .updateTable("manifest_usage")
        .set({
          pull_count: sql<number>`pull_count + ${count}`,
          last_pull_at: sql<number>`case when last_pull_at > ${at} then last_pull_at else ${at} end`,
        })
        .where("manifest_key", "=", key),
    );
    this.#addToRepository = prepare(builder, (db, { key, count, at }: Placeholders<Addition>) =>
      db
        .updateTable("repositories")
        .set({
          pull_count: sql<number>`pull_count + ${count}`,
          last_pull_at: sql<number>`case when last_pull_at > ${at} then last_pull_at else ${at} end`,
        })
        .where("key", "=", key),
    );
  }

  async addPulls(pulls: readonly Pulls[]): Promise<void> {
    await this.#database.transaction(async (session) => {
      const ofRepositories = new Map<number, Addition>();
      for (const { registryId, repository, digest, count, lastAt: at } of pulls) {
        const keys = await this.#keysOf.first(session, { registryId, repository, digest });
        if (keys !== undefined) {
          await this.#addToManifest.run(session, { key: keys.manifest_key, count, at });
          const key = keys.repository_key;
          const sum = ofRepositories.get(key) ?? { key, count: 0, at: 0 };
          ofRepositories.set(key, { key, count: sum.count + count, at: Math.max(sum.at, at) });
        }
      }
      for (const addition of ofRepositories.values()) {
        await this.#addToRepository.run(session, addition);
      }
    });
  }
}
