import assert from "node:assert/strict";
import type { Kysely } from "kysely";
import type { Instant } from "../../domain/ids.ts";
import type { InstanceStore } from "../../ports/instance-store.ts";
import { type Placeholders, prepare } from "./prepared-query.ts";
import type { SqlDatabase } from "./sql-database.ts";
import type { Tables } from "./tables.ts";

export class SqlInstanceStore implements InstanceStore {
  readonly #database: SqlDatabase;
  readonly #queries: ReturnType<typeof prepareQueries>;

  constructor(database: SqlDatabase) {
    this.#database = database;
    this.#queries = prepareQueries(database.builder);
  }

  async secret(name: string, candidate: () => Promise<Uint8Array>): Promise<Uint8Array> {
    const known = await this.#queries.secret.first(this.#database.reader, { name });
    if (known !== undefined) {
      return known.wrapped;
    }
    const wrapped = await candidate();
    return this.#database.transaction(async (session) => {
      await this.#queries.addSecret.run(session, { name, wrapped });
      const kept = await this.#queries.secret.first(session, { name });
      assert(kept !== undefined, "a secret that was just stored is not there");
      return kept.wrapped;
    });
  }

  async lease(name: string, holder: string, now: Instant, until: Instant): Promise<boolean> {
    return this.#database.transaction(
      async (session) =>
        (await this.#queries.lease.affected(session, { name, holder, now, until })) === 1,
    );
  }

  async release(name: string, holder: string): Promise<void> {
    await this.#database.transaction((session) =>
      this.#queries.release.run(session, { name, holder }),
    );
  }

  async forgetLapsed(now: Instant): Promise<number> {
    return this.#database.transaction((session) =>
      this.#queries.forgetLapsed.affected(session, { now }),
    );
  }
}

function prepareQueries(builder: Kysely<Tables>) {
  return {
    secret: prepare(builder, (db, { name }: Placeholders<{ name: string }>) =>
      db.selectFrom("instance_secrets").select("wrapped").where("name", "=", name),
    ),
    addSecret: prepare(
      builder,
      (db, { name, wrapped }: Placeholders<{ name: string; wrapped: Uint8Array }>) =>
        db
          .insertInto("instance_secrets")
          .values({ name, wrapped })
          .onConflict((conflict) => conflict.doNothing()),
    ),
    lease: prepare(
      builder,
      (db, values: Placeholders<{ name: string; holder: string; now: number; until: number }>) =>
        db
          .insertInto("leases")
          .values({ name: values.name, holder: values.holder, held_until: values.until })
          .onConflict((conflict) =>
            conflict
              .column("name")
              .doUpdateSet({ holder: values.holder, held_until: values.until })
              .where((row) =>
                row.or([
                  row("leases.holder", "=", values.holder),
                  row("leases.held_until", "<=", values.now),
                ]),
              ),
          ),
    ),
    release: prepare(
      builder,
      (db, { name, holder }: Placeholders<{ name: string; holder: string }>) =>
        db.deleteFrom("leases").where("name", "=", name).where("holder", "=", holder),
    ),
    forgetLapsed: prepare(builder, (db, { now }: Placeholders<{ now: number }>) =>
      db.deleteFrom("leases").where("held_until", "<=", now),
    ),
  };
}
