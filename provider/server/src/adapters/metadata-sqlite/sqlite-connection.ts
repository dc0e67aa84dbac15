import { DatabaseSync, type SQLInputValue, type StatementSync } from "node:sqlite";
import type { CompiledQuery } from "kysely";
import {
  DATABASE_CACHE_BYTES,
  DATABASE_LOG_BYTES_MAX,
  PREPARED_STATEMENTS_MAX,
} from "../../domain/limits.ts";
import type { SqlResult } from "../metadata-sql/sql-database.ts";
import { translate } from "./sqlite-failures.ts";

interface CachedStatement {
  readonly statement: StatementSync;
  readonly returnsRows: boolean;
}

/** One connection to a SQLite database. Everything on it is synchronous; it never waits for another connection. */
export class SqliteConnection {
  readonly #database: DatabaseSync;
  readonly #statements = new Map<string, CachedStatement>();

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
      const { statement, returnsRows } = this.#prepare(sql);
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
    return Number(this.#prepare("pragma data_version").statement.get()?.["data_version"]);
  }

  /** Runs a statement without parameters and without an answer. */
  run(sql: string): void {
    try {
      this.#prepare(sql).statement.run();
    } catch (error) {
      throw translate(error);
    }
  }

  close(): void {
    this.#statements.clear();
    this.#database.close();
  }

  #prepare(sql: string): CachedStatement {
    const known = this.#statements.get(sql);
    if (known !== undefined) {
      // The map keeps the order of insertion: what is used moves to the end.
      this.#statements.delete(sql);
      this.#statements.set(sql, known);
      return known;
    }
    const statement = this.#database.prepare(sql);
    const made = { statement, returnsRows: statement.columns().length > 0 };
    this.#statements.set(sql, made);
    const [oldest] = this.#statements.keys();
    if (this.#statements.size > PREPARED_STATEMENTS_MAX && oldest !== undefined) {
      this.#statements.delete(oldest);
    }
    return made;
  }
}
