import type { ColumnTypes } from "../sql-database.ts";

/** One step of the schema: forward only, and never edited once it is released. */
export interface Migration {
  /** Consecutive, from 1. */
  readonly number: number;
  readonly name: string;
  statements(types: ColumnTypes): readonly string[];
}
