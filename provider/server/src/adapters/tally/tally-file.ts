import { chmodSync } from "node:fs";
import { DatabaseSync, type StatementSync } from "node:sqlite";
import { TALLY_BUSY_MILLISECONDS_MAX } from "../../domain/limits.ts";
import { firstSlot, type Slot, type SlotCount, type TallyId } from "./tally-table.ts";

const OPENING_MILLISECONDS_MAX = 5000;

/**
 * The counts of all processes that share a data directory, in a SQLite file of their own: they are worth no `fsync`, and a commit in the
 * metadata would drop what workers keep in memory of it. Calls take microseconds and block for `TALLY_BUSY_MILLISECONDS_MAX` at most.
 */
export class TallyFile {
  readonly #database: DatabaseSync;
  readonly #add: StatementSync;
  readonly #totals: StatementSync;
  readonly #forget: StatementSync;

  constructor(path: string) {
    this.#database = open(path);
    this.#add = this.#database.prepare(
      `insert into counts (id, slot, count, ends_at) values (?, ?, ?, ?)
        on conflict (id, slot) do update set count = count + excluded.count`,
    );
    this.#totals = this.#database.prepare(
      "select slot, count from counts where id = ? and slot >= ?",
    );
    this.#forget = this.#database.prepare("delete from counts where ends_at < ?");
  }

  add(id: TallyId, slot: Slot, count: number): void {
    const endsAt = (slot.number + slot.number - firstSlot(slot) + 1) * slot.milliseconds;
    this.#add.run(keyOf(id), slot.number, count, endsAt);
  }

  /** What all have counted, in the slots that still count. */
  totals(id: TallyId, slot: Slot): readonly SlotCount[] {
    return this.#totals
      .all(keyOf(id), firstSlot(slot))
      .map((row) => ({ slot: Number(row["slot"]), count: Number(row["count"]) }));
  }

  forget(now: number): void {
    this.#forget.run(now);
  }

  /** Makes one transaction of what `work` does. */
  together(work: () => void): void {
    this.#database.exec("begin immediate");
    try {
      work();
    } catch (error) {
      this.#database.exec("rollback");
      throw error;
    }
    this.#database.exec("commit");
  }

  close(): void {
    this.#database.close();
  }
}

function open(path: string): DatabaseSync {
  const database = new DatabaseSync(path, { timeout: OPENING_MILLISECONDS_MAX });
  try {
    chmodSync(path, 0o600);
    untilAlone(() => database.exec("pragma journal_mode = wal"));
    database.exec("pragma synchronous = off");
    database.exec(`
      create table if not exists counts (
        id blob not null, slot integer not null, count integer not null, ends_at integer not null,
        primary key (id, slot)
      ) strict, without rowid;
      create index if not exists counts_by_end on counts (ends_at);
      pragma busy_timeout = ${TALLY_BUSY_MILLISECONDS_MAX}`);
    return database;
  } catch (error) {
    database.close();
    throw error;
  }
}

/** SQLite does not wait for others itself when it changes to a write-ahead log. Happens at the start of a thread only. */
function untilAlone(attempt: () => void): void {
  const deadline = performance.now() + OPENING_MILLISECONDS_MAX;
  const pause = new Int32Array(new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT));
  for (;;) {
    try {
      attempt();
      return;
    } catch (error) {
      if (performance.now() > deadline) {
        throw error;
      }
    }
    Atomics.wait(pause, 0, 0, 10);
  }
}

function keyOf({ high, low }: TallyId): Uint8Array {
  return new Uint8Array(new Int32Array([high, low]).buffer);
}
