import { SqlMetadataStore } from "../metadata-sql/sql-metadata-store.ts";
import { SqliteDatabase } from "./sqlite-database.ts";

/** The metadata in a SQLite database, in a file or in memory. */
export class SqliteMetadataStore extends SqlMetadataStore {
  /** `path`: a file, created if need be, or `:memory:`. The schema is not touched before `migrate`. */
  static async open(path: string): Promise<SqliteMetadataStore> {
    return new SqliteMetadataStore(await SqliteDatabase.open(path));
  }
}
