import assert from "node:assert/strict";
import type { Kysely } from "kysely";
import type { AuditEvent } from "../../domain/audit.ts";
import type { Instant } from "../../domain/ids.ts";
import type { InstanceStore, KeyChange, StoredKey } from "../../ports/instance-store.ts";
import type { AuditWriter } from "./audit-writer.ts";
import { type Placeholders, prepare } from "./prepared-query.ts";
import type { SqlDatabase } from "./sql-database.ts";
import type { Tables } from "./tables.ts";

/** What keys are wrapped for: the contexts of `compose.ts` and of the key ring. */
const OF_INSTANCE = "instance:";
const OF_REGISTRY = "registry:";

type Replacement = { name: string; wrapped: Uint8Array; next: Uint8Array };

export class SqlInstanceStore implements InstanceStore {
  readonly #database: SqlDatabase;
  readonly #audit: AuditWriter;
  readonly #queries: ReturnType<typeof prepareQueries>;

  constructor(database: SqlDatabase, audit: AuditWriter) {
    this.#database = database;
    this.#audit = audit;
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

  async findSecret(name: string): Promise<Uint8Array | undefined> {
    return (await this.#queries.secret.first(this.#database.reader, { name }))?.wrapped;
  }

  async wrappedKeys(): Promise<readonly StoredKey[]> {
    const secrets = await this.#queries.secrets.rows(this.#database.reader, {});
    const dataKeys = await this.#queries.dataKeys.rows(this.#database.reader, {});
    return [
      ...secrets.map(({ name, wrapped }) => ({ context: `${OF_INSTANCE}${name}`, wrapped })),
      ...dataKeys.map(({ id, wrapped_key: wrapped }) => ({
        context: `${OF_REGISTRY}${id}`,
        wrapped,
      })),
    ];
  }

  async replaceWrappedKeys(changes: readonly KeyChange[], event?: AuditEvent): Promise<void> {
    await this.#database.transaction(async (session) => {
      for (const { context, wrapped, next } of changes) {
        const isSecret = context.startsWith(OF_INSTANCE);
        const query = isSecret ? this.#queries.replaceSecret : this.#queries.replaceDataKey;
        const name = context.slice((isSecret ? OF_INSTANCE : OF_REGISTRY).length);
        const replaced = await query.affected(session, { name, wrapped, next });
        assert.equal(replaced, 1, `the key ${context} has changed meanwhile`);
      }
      await this.#audit.write(session, event);
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
    secrets: prepare(builder, (db) =>
      db.selectFrom("instance_secrets").select(["name", "wrapped"]).orderBy("name"),
    ),
    dataKeys: prepare(builder, (db) =>
      db.selectFrom("registries").select(["id", "wrapped_key"]).orderBy("key"),
    ),
    replaceSecret: prepare(builder, (db, { name, wrapped, next }: Placeholders<Replacement>) =>
      db
        .updateTable("instance_secrets")
        .set({ wrapped: next })
        .where("name", "=", name)
        .where("wrapped", "=", wrapped),
    ),
    replaceDataKey: prepare(builder, (db, { name, wrapped, next }: Placeholders<Replacement>) =>
      db
        .updateTable("registries")
        .set({ wrapped_key: next })
        .where("id", "=", name)
        .where("wrapped_key", "=", wrapped),
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
