import { CompiledQuery } from "kysely";
import { CHANGE_TOPICS, type ChangeTopic } from "../../ports/change-signal.ts";
import type { SqliteConnection } from "./sqlite-connection.ts";

/** The table is this adapter's own: no migration makes it, and no query of the stores knows it. */
const CREATE = `create table if not exists change_counts (
  topic text not null primary key,
  changes integer not null
) strict, without rowid`;
const COUNT = `insert into change_counts (topic, changes) values (?, 1)
  on conflict (topic) do update set changes = changes + 1`;
const READ = CompiledQuery.raw("select topic, changes from change_counts");

/** How often what belongs to a topic was changed, by whatever process. */
export type ChangeCounts = ReadonlyMap<ChangeTopic, number>;

/**
 * Counts, in the transaction that is open, the topics that its statements touch: every process can then tell what was changed, where
 * SQLite tells only that something was.
 */
export function countChanges(writer: SqliteConnection): void {
  const touched = writer.takeTouched();
  if (touched.size === 0) {
    return;
  }
  writer.run(CREATE);
  for (const topic of touched) {
    writer.execute(CompiledQuery.raw(COUNT, [topic]));
  }
  // Counting concerns nobody.
  writer.takeTouched();
}

/** `undefined`: nothing was ever counted. */
export function readChangeCounts(reader: SqliteConnection): ChangeCounts | undefined {
  if (!reader.hasTable("change_counts")) {
    return undefined;
  }
  const { rows } = reader.execute<{ topic: string; changes: number }>(READ);
  const counts = new Map(rows.map(({ topic, changes }) => [topic, changes]));
  return new Map(CHANGE_TOPICS.map((topic) => [topic, counts.get(topic) ?? 0]));
}
