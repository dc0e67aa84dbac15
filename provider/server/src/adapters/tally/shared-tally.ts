import { createHmac } from "node:crypto";
import type { Instant } from "../../domain/ids.ts";
import {
  TALLY_KEYS_PER_SHARE_MAX,
  TALLY_MEMORY_BYTES,
  TALLY_SHARE_MILLISECONDS,
  TALLY_UNSHARED_PART_MAX,
} from "../../domain/limits.ts";
import type { Rate } from "../../domain/rate.ts";
import type { EventSink } from "../../ports/event-sink.ts";
import type { Count, Tally } from "../../ports/tally.ts";
import { TallyFile } from "./tally-file.ts";
import {
  firstSlot,
  type Row,
  type Slot,
  slotAt,
  sumOf,
  type TallyId,
  TallyTable,
} from "./tally-table.ts";

/*
 * Threads count in one table in memory. Processes tell each other through a file:
 *
 *   a key that the process does not know      it asks the file first, so that a key that is used up elsewhere is so here
 *   a twentieth of the rate was counted, or   tells the file, and learns what all have counted
 *   the last that it lets through
 *   every second                              tells the file what was counted since, many keys in one transaction
 *
 * So of one key each other process can let a twentieth more through, and the file is used once for many requests. Where the file cannot be
 * used, each process counts for itself, and the log says so.
 */

export interface TallyOptions {
  /** Where processes meet; absent: this process counts for itself. */
  readonly path?: string;
  /** What the threads of the process share; absent: this thread counts for itself. */
  readonly memory?: SharedArrayBuffer | undefined;
  /** Of the installation: ids of keys are the same everywhere, and nobody else can choose keys that fall into one place. */
  readonly secret: Uint8Array;
  readonly events: EventSink;
  readonly now: () => Instant;
}

export class SharedTally implements Tally {
  readonly #table: TallyTable;
  readonly #file: TallyFile | undefined;
  readonly #parts: Pick<TallyOptions, "events" | "secret">;
  readonly #timer: NodeJS.Timeout;
  #isFailing = false;

  constructor({
    path,
    memory = new SharedArrayBuffer(TALLY_MEMORY_BYTES),
    secret,
    events,
    now,
  }: TallyOptions) {
    this.#table = new TallyTable(memory);
    this.#parts = { events, secret };
    this.#file = path === undefined ? undefined : this.#open(path);
    this.#timer = setInterval(() => this.share(now()), TALLY_SHARE_MILLISECONDS).unref();
  }

  take(rate: Rate, key: string, now: Instant): Count {
    const id = this.#identify(rate, key);
    const slot = slotAt(now, rate.windowMilliseconds);
    this.#learn(id, slot);
    const row = this.#table.take(id, slot, rate.countMax);
    const count = countOf(row, rate, slot, now, 1);
    const unshared = row.unshared + (count.isWithin ? 1 : 0);
    const isDue = count.left === 0 || unshared >= rate.countMax * TALLY_UNSHARED_PART_MAX;
    if (unshared > 0 && isDue) {
      this.#tell(id, slot);
    }
    return count;
  }

  look(rate: Rate, key: string, now: Instant): Count {
    const id = this.#identify(rate, key);
    const slot = slotAt(now, rate.windowMilliseconds);
    this.#learn(id, slot);
    const row = this.#table.look(id, slot);
    return row === undefined
      ? { isWithin: rate.countMax > 0, left: rate.countMax, waitMilliseconds: 0 }
      : countOf(row, rate, slot, now, 0);
  }

  /** Tells the other processes what this one has counted, and takes up what they have. */
  share(now: Instant): void {
    this.#withFile((file) => {
      const all = [...this.#table.unshared().take(TALLY_KEYS_PER_SHARE_MAX)];
      if (all.length > 0) {
        file.together(() => {
          for (const { id, slot } of all) {
            this.#exchange(file, id, { ...slot, number: Math.floor(now / slot.milliseconds) });
          }
          file.forget(now);
        });
      }
    });
  }

  close(): void {
    clearInterval(this.#timer);
    this.#file?.close();
  }

  /** Of a key that this process has not seen yet, what the others have counted. */
  #learn(id: TallyId, slot: Slot): void {
    if (this.#file !== undefined && this.#table.look(id, slot) === undefined) {
      this.#withFile((file) => {
        const totals = file.totals(id, slot);
        if (totals.length > 0) {
          this.#table.merge(id, slot, totals);
        }
      });
    }
  }

  #tell(id: TallyId, slot: Slot): void {
    this.#withFile((file) => this.#exchange(file, id, slot));
  }

  #exchange(file: TallyFile, id: TallyId, slot: Slot): void {
    const count = this.#table.takeUnshared(id);
    try {
      if (count > 0) {
        file.add(id, slot, count);
      }
      this.#table.merge(id, slot, file.totals(id, slot));
    } catch (error) {
      this.#table.putBack(id, count);
      throw error;
    }
  }

  #withFile(work: (file: TallyFile) => void): void {
    if (this.#file === undefined) {
      return;
    }
    try {
      work(this.#file);
      this.#isFailing = false;
    } catch (error) {
      this.#fail(error);
    }
  }

  #open(path: string): TallyFile | undefined {
    try {
      return new TallyFile(path);
    } catch (error) {
      this.#fail(error);
      return undefined;
    }
  }

  /** Told once, until it works again. */
  #fail(error: unknown): void {
    if (!this.#isFailing) {
      this.#isFailing = true;
      this.#parts.events.error("counts-not-shared", error);
    }
  }

  #identify(rate: Rate, key: string): TallyId {
    const hash = createHmac("sha256", this.#parts.secret).update(`${rate.name}\n${key}`).digest();
    // Zeros would be an empty row.
    return { high: hash.readInt32LE(0) || 1, low: hash.readInt32LE(4) };
  }
}

/** `taken`: how many were just counted beside what the row says, if there was room. */
function countOf(row: Row, rate: Rate, slot: Slot, now: Instant, taken: number): Count {
  const sum = sumOf(row.counts);
  const isWithin = sum < rate.countMax;
  const left = Math.max(rate.countMax - sum - (isWithin ? taken : 0), 0);
  return { isWithin, left, waitMilliseconds: isWithin ? 0 : waitOf(row, rate, slot, now) };
}

/** Until so many old slots have left the window that there is room for one. */
function waitOf({ counts }: Row, rate: Rate, slot: Slot, now: Instant): number {
  let sum = sumOf(counts);
  let leaving = 0;
  for (const count of counts) {
    leaving++;
    sum -= count;
    if (sum < rate.countMax) {
      break;
    }
  }
  const oldest = firstSlot(slot);
  const slotsCounted = slot.number - oldest + 1;
  return (oldest + leaving - 1 + slotsCounted) * slot.milliseconds - now;
}
