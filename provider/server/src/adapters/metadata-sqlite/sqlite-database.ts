import { randomUUID } from "node:crypto";
import { chmod, link, unlink, writeFile } from "node:fs/promises";
import { setTimeout as delay } from "node:timers/promises";
import type { CompiledQuery } from "kysely";
import { RegistryError } from "../../domain/errors.ts";
import {
  DATABASE_ATTEMPT_MILLISECONDS,
  DATABASE_BUSY_MILLISECONDS_MAX,
  DATABASE_RETRY_AFTER_SECONDS,
} from "../../domain/limits.ts";
import type { Meter } from "../../ports/meter.ts";
import type {
  ColumnTypes,
  SqlDatabase,
  SqlResult,
  SqlSession,
} from "../metadata-sql/sql-database.ts";
import { readChangeCounts } from "./change-counts.ts";
import { GroupCommit } from "./group-commit.ts";
import { makeQueryBuilder } from "./query-builder.ts";
import { SqliteChangeSignal } from "./sqlite-change-signal.ts";
import { SqliteConnection } from "./sqlite-connection.ts";
import { isBusy } from "./sqlite-failures.ts";

/** What SQLite calls a database without a file. */
const IN_MEMORY = ":memory:";

/**
 * A SQLite database: one connection that writes, group by group, and one that reads beside it. In memory both are the same connection,
 * and reading waits for the group that is being written, so that nobody sees what is not committed.
 */
export class SqliteDatabase implements SqlDatabase {
  readonly builder = makeQueryBuilder();
  readonly columns = COLUMN_TYPES;
  readonly reader: SqlSession;
  readonly changes: SqliteChangeSignal;
  readonly #connections: readonly SqliteConnection[];
  readonly #writes: GroupCommit;
  #isClosed = false;

  private constructor(
    writer: SqliteConnection,
    reader: SqliteConnection,
    commits: Int32Array,
    meter: Meter | undefined,
  ) {
    this.changes = new SqliteChangeSignal(
      commits,
      () => reader.dataVersion(),
      () => readChangeCounts(reader),
    );
    this.#connections = [...new Set([reader, writer])];
    this.#writes = new GroupCommit(writer, {}, () => this.changes.committed(), meter);
    this.reader =
      reader === writer
        ? { execute: (query) => this.#readBetweenGroups(reader, query) }
        : { execute: (query) => readBeside(reader, query) };
  }

  /** Opens the database in that file, which is created, readable to its owner alone, if need be; or one `IN_MEMORY`. */
  static async open(
    path: string,
    commits: Int32Array = new Int32Array(1),
    meter?: Meter,
  ): Promise<SqliteDatabase> {
    if (path === IN_MEMORY) {
      const connection = new SqliteConnection(path);
      return new SqliteDatabase(connection, connection, commits, meter);
    }
    await createPrivateFile(path);
    const writer = await untilFree(() => connect(path, (made) => made.useWriteAheadLog()));
    try {
      return new SqliteDatabase(
        writer,
        await untilFree(() => connect(path, (made) => made.refuseWrites())),
        commits,
        meter,
      );
    } catch (error) {
      writer.close();
      throw error;
    }
  }

  async transaction<T>(work: (session: SqlSession) => Promise<T>): Promise<T> {
    if (this.#isClosed) {
      throw new Error("the metadata store is closed");
    }
    return this.#writes.transaction(work);
  }

  /** Lets the transactions that have begun end. */
  async close(): Promise<void> {
    if (!this.#isClosed) {
      this.#isClosed = true;
      await this.#writes.idle();
      for (const connection of this.#connections) {
        connection.close();
      }
    }
  }

  async #readBetweenGroups<Row>(
    connection: SqliteConnection,
    query: CompiledQuery<Row>,
  ): Promise<SqlResult<Row>> {
    while (this.#writes.group !== undefined) {
      await this.#writes.group;
    }
    return connection.execute(query);
  }
}

const COLUMN_TYPES: ColumnTypes = {
  key: "integer not null primary key",
  integer: "integer",
  text: "text",
  bytes: "blob",
  heap: "strict",
  clustered: "strict, without rowid",
  appendOnly: (table) =>
    ["update", "delete"].map(
      (change) => `create trigger ${table}_refuses_${change} before ${change} on ${table}
        begin select raise(abort, 'rows of ${table} are neither changed nor removed'); end`,
    ),
  removableIf: (table, column, limit) => [
    `drop trigger ${table}_refuses_delete`,
    `create trigger ${table}_refuses_delete before delete on ${table} when old.${column} >= ${limit}
      begin select raise(abort, 'rows of ${table} are neither changed nor removed'); end`,
  ],
};

async function readBeside<Row>(
  connection: SqliteConnection,
  query: CompiledQuery<Row>,
): Promise<SqlResult<Row>> {
  try {
    return connection.execute(query);
  } catch (error) {
    if (!isBusy(error)) {
      throw error;
    }
    return untilFree(() => connection.execute(query));
  }
}

/** Repeats what another process has no room for at the moment, without stopping the event loop. */
async function untilFree<T>(attempt: () => T): Promise<T> {
  const start = performance.now();
  for (;;) {
    try {
      return attempt();
    } catch (error) {
      if (!isBusy(error)) {
        throw error;
      }
      if (performance.now() - start > DATABASE_BUSY_MILLISECONDS_MAX) {
        const detail = { retryAfterSeconds: DATABASE_RETRY_AFTER_SECONDS };
        throw new RegistryError("service-unavailable", detail, { cause: error });
      }
    }
    await delay(DATABASE_ATTEMPT_MILLISECONDS);
  }
}

function connect(path: string, prepare: (connection: SqliteConnection) => void): SqliteConnection {
  const connection = new SqliteConnection(path);
  try {
    prepare(connection);
    return connection;
  } catch (error) {
    connection.close();
    throw error;
  }
}

/**
 * SQLite gives the files beside the database the rights of the database itself. The file is made under another name and never opened
 * under its own: closing any handle of a file drops the locks that SQLite has on it in the whole process (fcntl, "advisory locks").
 */
async function createPrivateFile(path: string): Promise<void> {
  if (await keepPrivate(path)) {
    return;
  }
  const made = `${path}.${randomUUID()}`;
  await writeFile(made, "", { flag: "wx", mode: 0o600 });
  try {
    await link(made, path);
  } catch (error) {
    if (!hasCode(error, "EEXIST")) {
      throw error;
    }
    await keepPrivate(path);
  } finally {
    await unlink(made);
  }
}

/** Returns whether there is such a file. */
async function keepPrivate(path: string): Promise<boolean> {
  try {
    await chmod(path, 0o600);
    return true;
  } catch (error) {
    if (!hasCode(error, "ENOENT")) {
      throw error;
    }
    return false;
  }
}

function hasCode(error: unknown, code: string): boolean {
  return error instanceof Error && "code" in error && error.code === code;
}
