import { constants, DatabaseSync, type SQLInputValue, type StatementSync } from "node:sqlite";
import type { CompiledQuery } from "kysely";
import {
  DATABASE_CACHE_BYTES,
  DATABASE_LOG_BYTES_MAX,
  PREPARED_STATEMENTS_MAX,
} from "../../domain/limits.ts";
import type { ChangeTopic } from "../../ports/change-signal.ts";
import { type TableWrite, topicsOf } from "../metadata-sql/change-topics.ts";
import type { SqlResult } from "../metadata-sql/sql-database.ts";
import { translate } from "./sqlite-failures.ts";

const WRITES: ReadonlyMap<number, TableWrite["kind"]> = new Map([
  [constants.SQLITE_INSERT, "insert"],
  [constants.SQLITE_UPDATE, "update"],
  [constants.SQLITE_DELETE, "delete"],
]);

interface CachedStatement {
  readonly statement: StatementSync;
  readonly returnsRows: boolean;
  /** What it may change, as SQLite told when it compiled the statement. */
  readonly touches: readonly ChangeTopic[];
}

/** One connection to a SQLite database. Everything on it is synchronous; it never waits for another connection. */
export class SqliteConnection {
  readonly #database: DatabaseSync;
  readonly #statements = new Map<string, CachedStatement>();
  readonly #tables = new Set<string>();
  /** Of the statement that is being compiled. */
  #writes: TableWrite[] = [];
  #touched = new Set<ChangeTopic>();

  constructor(path: string) {
    // No busy time-out: waiting within SQLite stops the whole event loop.
    this.#database = new DatabaseSync(path, { timeout: 0, enableForeignKeyConstraints: true });
    try {
      this.#database.exec(
        `pragma trusted_schema = off;
         pragma synchronous = full;
         pragma cache_size = -${DATABASE_CACHE_BYTES / 1024};
         pragma journal_size_limit = ${DATABASE_LOG_BYTES_MAX};`,
      );
      this.#database.setAuthorizer((action, table, column) => {
        const kind = WRITES.get(action);
        if (kind !== undefined && table !== null) {
          this.#writes.push({ kind, table, column: column ?? undefined });
        }
        return constants.SQLITE_OK;
      });
    } catch (error) {
      this.#database.close();
      throw error;
    }
  }

  get isInTransaction(): boolean {
    return this.#database.isTransaction;
  }

  /** Lets readers and a writer work side by side. The database remembers it; one in memory stays as it is. */
  useWriteAheadLog(): void {
    this.#database.exec("pragma journal_mode = wal");
  }

  refuseWrites(): void {
    this.#database.exec("pragma query_only = on");
  }

  /** @throws RegistryError `storage-full` */
  execute<Row>({ sql, parameters }: CompiledQuery<Row>): SqlResult<Row> {
    try {
      const { statement, returnsRows } = this.#use(sql);
      const values = parameters as readonly SQLInputValue[];
      if (!returnsRows) {
        return { rows: [], affected: Number(statement.run(...values).changes) };
      }
      const rows = statement.all(...values) as Row[];
      return { rows, affected: rows.length };
    } catch (error) {
      throw translate(error);
    }
  }

  /** Another number once another connection, of whatever process, has committed. */
  dataVersion(): number {
    return Number(this.#use("pragma data_version").statement.get()?.["data_version"]);
  }

  /** A table that was found is taken to stay. */
  hasTable(name: string): boolean {
    if (!this.#tables.has(name)) {
      const query = "select 1 from sqlite_schema where type = 'table' and name = ?";
      if (this.#use(query).statement.get(name) === undefined) {
        return false;
      }
      this.#tables.add(name);
    }
    return true;
  }

  /** The topics that statements have touched since this was last asked. */
  takeTouched(): ReadonlySet<ChangeTopic> {
    const touched = this.#touched;
    if (touched.size > 0) {
      this.#touched = new Set();
    }
    return touched;
  }

  /** Runs a statement without parameters and without an answer. */
  run(sql: string): void {
    try {
      this.#use(sql).statement.run();
    } catch (error) {
      throw translate(error);
    }
  }

  close(): void {
    this.#statements.clear();
    this.#database.close();
  }

  #use(sql: string): CachedStatement {
    const prepared = this.#prepare(sql);
    for (const topic of prepared.touches) {
      this.#touched.add(topic);
    }
    return prepared;
  }

  #prepare(sql: string): CachedStatement {
    const known = this.#statements.get(sql);
    if (known !== undefined) {
      // The map keeps the order of insertion: what is used moves to the end.
      this.#statements.delete(sql);
      this.#statements.set(sql, known);
      return known;
    }
    this.#writes = [];
    const statement = this.#database.prepare(sql);
    const touches = [...new Set(this.#writes.flatMap(topicsOf))];
    const made = { statement, returnsRows: statement.columns().length > 0, touches };
    this.#statements.set(sql, made);
    const [oldest] = this.#statements.keys();
    if (this.#statements.size > PREPARED_STATEMENTS_MAX && oldest !== undefined) {
      this.#statements.delete(oldest);
    }
    return made;
  }
}
