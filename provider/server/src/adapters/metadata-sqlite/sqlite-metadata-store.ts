import type { ChangeSignal } from "../../ports/change-signal.ts";
import type { Meter } from "../../ports/meter.ts";
import { SqlMetadataStore } from "../metadata-sql/sql-metadata-store.ts";
import { SqliteContentInventory } from "./sqlite-content-inventory.ts";
import { SqliteDatabase } from "./sqlite-database.ts";

/** The metadata in a SQLite database, in a file or in memory. */
export class SqliteMetadataStore extends SqlMetadataStore {
  readonly changes: ChangeSignal;
  readonly inventory: SqliteContentInventory;

  private constructor(database: SqliteDatabase) {
    super(database);
    this.changes = database.changes;
    this.inventory = new SqliteContentInventory(database);
  }

  /**
   * `path`: a file, created if need be, or `:memory:`. The schema is not touched before `migrate`. `commits`: one number, shared by all
   * threads that open this database.
   */
  static async open(
    path: string,
    commits?: Int32Array,
    meter?: Meter,
  ): Promise<SqliteMetadataStore> {
    return new SqliteMetadataStore(await SqliteDatabase.open(path, commits, meter));
  }
}
