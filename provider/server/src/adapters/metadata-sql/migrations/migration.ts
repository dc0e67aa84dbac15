import type { ColumnTypes } from "../sql-database.ts";

/** One step of the schema: forward only, and never edited once it is released. */
export interface Migration {
  /** Counts up from 1; each is applied once. */
  readonly number: number;
  readonly name: string;
  statements(types: ColumnTypes): readonly string[];
}
