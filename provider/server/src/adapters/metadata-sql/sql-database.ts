import type { CompiledQuery, Kysely } from "kysely";
import type { Tables } from "./tables.ts";

/** What the stores need of a database, and all that SQLite and PostgreSQL have to provide. */
export interface SqlDatabase {
  /** Builds and compiles queries in the database's dialect; executes none. */
  readonly builder: Kysely<Tables>;
  readonly columns: ColumnTypes;

  /** For single queries outside a transaction. They see what is committed, everything whose promise has resolved included. */
  readonly reader: SqlSession;

  /**
   * Runs `work` in a transaction of its own, which sees no other one's unfinished changes; throwing undoes it. Resolves once it is
   * durable. `work` awaits nothing but its session's queries, keeps no state outside it, and may be run again from the start.
   */
  transaction<T>(work: (session: SqlSession) => Promise<T>): Promise<T>;

  close(): Promise<void>;
}

/** Executes queries, on one connection or within one transaction. */
export interface SqlSession {
  /** @throws RegistryError `storage-full`, `service-unavailable` (somebody else holds the database for too long) */
  execute<Row>(query: CompiledQuery<Row>): Promise<SqlResult<Row>>;
}

export interface SqlResult<Row> {
  readonly rows: Row[];
  /** Rows that an insert, update or delete has touched. */
  readonly affected: number;
}

/** How a dialect spells what the migrations need. */
export interface ColumnTypes {
  /** A primary key that the database counts up. */
  readonly key: string;
  readonly integer: string;
  /** Text that compares by bytes. */
  readonly text: string;
  readonly bytes: string;
  /** Ends a table whose rows are found by a number of their own. */
  readonly heap: string;
  /** Ends a table whose rows lie in the order of their primary key. */
  readonly clustered: string;
  /** Makes the database refuse to change or remove rows of a table. */
  appendOnly(table: string): readonly string[];
  /** Lets rows of such a table be removed after all, if their `column` is less than `limit`. */
  removableIf(table: string, column: string, limit: string): readonly string[];
}
