import type { Kysely } from "kysely";
import { RegistryError } from "../../domain/errors.ts";
import { freePorts, isInRange, type PortRange } from "../../domain/port-range.ts";
import type { RegistryPort, RegistryPorts } from "../../ports/registry-ports.ts";
import { execute, type Placeholders, prepare } from "./prepared-query.ts";
import type { SqlDatabase, SqlSession } from "./sql-database.ts";
import type { Tables } from "./tables.ts";

export class SqlRegistryPorts implements RegistryPorts {
  readonly #database: SqlDatabase;
  readonly #queries: ReturnType<typeof prepareQueries>;

  constructor(database: SqlDatabase) {
    this.#database = database;
    this.#queries = prepareQueries(database.builder);
  }

  async list(range: PortRange): Promise<readonly RegistryPort[]> {
    const rows = await this.#queries.inRange.rows(this.#database.reader, range);
    return rows.flatMap(({ port, name }) => (port === null ? [] : [{ port, registry: name }]));
  }

  async settle(range: PortRange): Promise<number> {
    const isDue = (await this.#unsettled(this.#database.reader, range)).length > 0;
    return isDue ? this.#database.transaction((session) => this.#settle(session, range)) : 0;
  }

  /**
   * Gives a registry that this transaction has stored the lowest port that is free. Being a change, not a part of what is new, it is signalled
   * to the other workers.
   * @throws RegistryError `registry-ports-exhausted`
   */
  async assign(session: SqlSession, key: number, range: PortRange): Promise<void> {
    const [port] = freePorts(range, await this.#used(session, range));
    if (port === undefined) {
      throw new RegistryError("registry-ports-exhausted", range);
    }
    await this.#queries.assign.run(session, { key, port });
  }

  async #settle(session: SqlSession, range: PortRange): Promise<number> {
    const unsettled = await this.#unsettled(session, range);
    const free = freePorts(range, await this.#used(session, range));
    let missing = 0;
    for (const { key } of unsettled) {
      const { value: port } = free.next();
      if (port === undefined) {
        missing++;
      } else {
        await this.#queries.assign.run(session, { key, port });
      }
    }
    return missing;
  }

  async #unsettled(session: SqlSession, range: PortRange) {
    const query = this.#database.builder
      .selectFrom("registries")
      .select(["key", "port"])
      .orderBy("key");
    const { rows } = await execute(session, query);
    return rows.filter(({ port }) => !isInRange(range, port ?? undefined));
  }

  async #used(session: SqlSession, range: PortRange): Promise<ReadonlySet<number>> {
    const rows = await this.#queries.inRange.rows(session, range);
    return new Set(rows.flatMap(({ port }) => (port === null ? [] : [port])));
  }
}

function prepareQueries(builder: Kysely<Tables>) {
  return {
    inRange: prepare(builder, (db, { from, to }: Placeholders<{ from: number; to: number }>) =>
      db
        .selectFrom("registries")
        .select(["port", "name"])
        .where("port", ">=", from)
        .where("port", "<=", to)
        .orderBy("port"),
    ),
    assign: prepare(builder, (db, { key, port }: Placeholders<{ key: number; port: number }>) =>
      db.updateTable("registries").set({ port }).where("key", "=", key),
    ),
  };
}
