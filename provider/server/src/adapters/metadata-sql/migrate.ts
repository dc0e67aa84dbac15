import { CompiledQuery } from "kysely";
import { OperationError } from "../../domain/operation-error.ts";
import { MIGRATIONS } from "./migrations/all.ts";
import type { Migration } from "./migrations/migration.ts";
import { execute } from "./prepared-query.ts";
import type { SqlDatabase, SqlSession } from "./sql-database.ts";

/**
 * Applies what is missing, all in one transaction: of several processes that start at once one does it, and the others, which wait for
 * that one's transaction, find it done.
 * @throws OperationError when a newer program has changed the database
 */
export async function migrate(
  database: SqlDatabase,
  migrations: readonly Migration[] = MIGRATIONS,
): Promise<void> {
  const { builder, columns } = database;
  await database.transaction(async (session) => {
    await runText(
      session,
      `create table if not exists migrations (
        number ${columns.integer} not null primary key,
        name ${columns.text} not null
      ) ${columns.heap}`,
    );
    const { rows } = await execute(session, builder.selectFrom("migrations").select("number"));
    const applied = new Set(rows.map(({ number }) => number));
    const newest = Math.max(0, ...applied);
    const known = Math.max(0, ...migrations.map(({ number }) => number));
    if (newest > known) {
      throw new OperationError(
        `the database has schema ${newest}, and this program knows schemas up to ${known}: a newer Moorage has changed it; run that version, or restore a backup from before`,
      );
    }
    for (const { number, name, statements } of migrations.filter(
      (each) => !applied.has(each.number),
    )) {
      for (const text of statements(columns)) {
        await runText(session, text);
      }
      await execute(session, builder.insertInto("migrations").values({ number, name }));
    }
  });
}

/** Whether nothing is to be migrated; a database that has no schema yet is not. */
export async function isMigrated({ builder, reader }: SqlDatabase): Promise<boolean> {
  const { rows } = await execute(reader, builder.selectFrom("migrations").select("number"));
  const applied = new Set(rows.map(({ number }) => number));
  return (
    MIGRATIONS.length === applied.size && MIGRATIONS.every(({ number }) => applied.has(number))
  );
}

async function runText(session: SqlSession, text: string): Promise<void> {
  await session.execute(CompiledQuery.raw(text));
}
