import { CompiledQuery } from "kysely";
import { SqlContentInventory } from "../metadata-sql/sql-content-inventory.ts";
import type { SqliteDatabase } from "./sqlite-database.ts";

export class SqliteContentInventory extends SqlContentInventory {
  readonly #reader: SqliteDatabase["reader"];

  constructor(database: SqliteDatabase) {
    super(database);
    this.#reader = database.reader;
  }

  async damage(): Promise<readonly string[]> {
    const integrity = await this.#reader.execute<{ integrity_check: string }>(
      CompiledQuery.raw("pragma integrity_check"),
    );
    const found = integrity.rows.map((row) => row.integrity_check).filter((text) => text !== "ok");
    const strays = await this.#reader.execute<{ table: string; parent: string; rows: number }>(
      CompiledQuery.raw(
        'select "table", parent, count(*) as rows from pragma_foreign_key_check group by 1, 2',
      ),
    );
    return [
      ...found.map((text) => `the database is damaged: ${text}`),
      ...strays.rows.map(
        ({ table, parent, rows }) =>
          `the database is damaged: ${rows} rows of ${table} refer to rows of ${parent} that are not there`,
      ),
    ];
  }
}
