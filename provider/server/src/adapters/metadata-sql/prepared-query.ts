import { type CompiledQuery, type Kysely, type RawBuilder, sql } from "kysely";
import type { SqlResult, SqlSession } from "./sql-database.ts";
import type { Tables } from "./tables.ts";

/**
 * A query that is built and compiled once, when it is first needed, and executed many times with other values: building one costs several
 * times what SQLite needs to answer it, and building all of them a tenth of the time that a start takes.
 */
export interface PreparedQuery<Values, Row> {
  run(session: SqlSession, values: Values): Promise<SqlResult<Row>>;
  rows(session: SqlSession, values: Values): Promise<Row[]>;
  first(session: SqlSession, values: Values): Promise<Row | undefined>;
  /** How many rows it has inserted, updated or deleted. */
  affected(session: SqlSession, values: Values): Promise<number>;
}

/** Stands for the values in the query that is built. */
export type Placeholders<Values> = { readonly [Name in keyof Values]: RawBuilder<Values[Name]> };

/** What a column or a parameter holds. */
export type SqlValue = string | number | Uint8Array | null;

export function prepare<Values extends Readonly<Record<string, SqlValue>>, Row>(
  builder: Kysely<Tables>,
  build: (db: Kysely<Tables>, values: Placeholders<Values>) => { compile(): CompiledQuery<Row> },
): PreparedQuery<Values, Row> {
  let built: CompiledQuery<Row> | undefined;

  function run(session: SqlSession, values: Values): Promise<SqlResult<Row>> {
    built ??= build(builder, placeholders<Values>()).compile();
    const compiled = built;
    const parameters = compiled.parameters.map((parameter) =>
      parameter instanceof Placeholder ? values[parameter.name] : parameter,
    );
    return session.execute({ ...compiled, parameters });
  }

  return {
    run,
    rows: async (session, values) => (await run(session, values)).rows,
    first: async (session, values) => (await run(session, values)).rows[0],
    affected: async (session, values) => (await run(session, values)).affected,
  };
}

/** Executes a query whose text depends on its values. */
export async function execute<Row>(
  session: SqlSession,
  query: { compile(): CompiledQuery<Row> },
): Promise<SqlResult<Row>> {
  return session.execute(query.compile());
}

class Placeholder {
  readonly name: string;

  constructor(name: string) {
    this.name = name;
  }
}

function placeholders<Values>(): Placeholders<Values> {
  // Any name that the query asks for becomes a parameter of that name; the types allow no others than those of `Values`.
  return new Proxy({} as Placeholders<Values>, {
    get: (_, name) => sql`${new Placeholder(String(name))}`,
  });
}
