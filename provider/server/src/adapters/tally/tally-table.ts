/*
 * Counts in memory that threads share. A window is cut into slots; a row holds the counts of the slot under way and of those before it that
 * the window reaches into, so its sum is never less than what was counted within the window.
 *
 * Rows lie in sets, by the hash of their key; a set has a lock, held for less than a microsecond and never across anything that waits. A
 * thread that dies, or is suspended, in that moment must not stop the others: after a while they go on without the lock, which may
 * cost a count.
 */

const SLOTS_PER_WINDOW = 10;
/** The slot under way is a part of one; all of the others count. */
const SLOTS = SLOTS_PER_WINDOW + 1;
/** With shorter ones the number of a slot would not fit into 32 bits. */
const SLOT_MILLISECONDS_MIN = 500;
const WAYS = 8;
const SPINS_MAX = 100_000;

// The fields of a row, each 32 bits. An id of zeros is that of an empty row.
const ID_HIGH = 0;
const ID_LOW = 1;
const SLOT = 2;
const SLOT_MILLISECONDS = 3;
const UNSHARED = 4;
const COUNTS = 5;
const ROW = COUNTS + SLOTS;

/** A lock and the rows. */
const SET_BYTES = (1 + WAYS * ROW) * Int32Array.BYTES_PER_ELEMENT;

/** The hash of a rate and a key. */
export interface TallyId {
  readonly high: number;
  readonly low: number;
}

/** A moment as a row sees it. */
export interface Slot {
  readonly number: number;
  readonly milliseconds: number;
}

export function slotAt(now: number, windowMilliseconds: number): Slot {
  const milliseconds = Math.max(
    Math.ceil(windowMilliseconds / SLOTS_PER_WINDOW),
    SLOT_MILLISECONDS_MIN,
  );
  return { number: Math.floor(now / milliseconds), milliseconds };
}

/** The first slot that still counts. */
export function firstSlot({ number }: Slot): number {
  return number - SLOTS_PER_WINDOW;
}

export interface SlotCount {
  readonly slot: number;
  readonly count: number;
}

/** A row as it stands; by slot, from the oldest that counts to the one under way. */
export interface Row {
  readonly counts: readonly number[];
  /** How many of the counts no other process knows of yet. */
  readonly unshared: number;
}

/** What other processes are to be told. */
export interface Unshared {
  readonly id: TallyId;
  readonly slot: Slot;
  readonly count: number;
}

export class TallyTable {
  readonly #locks: Int32Array;
  readonly #rows: Int32Array;
  readonly #sets: number;

  constructor(memory: SharedArrayBuffer) {
    this.#sets = Math.floor(memory.byteLength / SET_BYTES);
    this.#locks = new Int32Array(memory, 0, this.#sets);
    this.#rows = new Int32Array(memory, this.#sets * Int32Array.BYTES_PER_ELEMENT);
  }

  /** Counts one where the sum is below `countMax`. The row is that of before. */
  take(id: TallyId, slot: Slot, countMax: number): Row {
    return this.#inSet(id, () => {
      const at = this.#find(id) ?? this.#claim(id, slot);
      const row = this.#read(at, slot);
      if (sumOf(row.counts) < countMax) {
        this.#add(at + COUNTS + (slot.number % SLOTS), 1);
        this.#add(at + UNSHARED, 1);
      }
      return row;
    });
  }

  /** `undefined`: nothing is known of it. */
  look(id: TallyId, slot: Slot): Row | undefined {
    return this.#inSet(id, () => {
      const at = this.#find(id);
      return at === undefined ? undefined : this.#read(at, slot);
    });
  }

  /** Hands out what is to be told to others; if that fails, it is to be put back. */
  takeUnshared(id: TallyId): number {
    return this.#inSet(id, () => {
      const at = this.#find(id);
      const count = at === undefined ? 0 : this.#get(at + UNSHARED);
      if (at !== undefined) {
        this.#rows[at + UNSHARED] = 0;
      }
      return count;
    });
  }

  putBack(id: TallyId, count: number): void {
    this.#inSet(id, () => {
      const at = this.#find(id);
      if (at !== undefined) {
        this.#add(at + UNSHARED, count);
      }
    });
  }

  /** Takes up what all processes together have counted. */
  merge(id: TallyId, slot: Slot, totals: readonly SlotCount[]): void {
    this.#inSet(id, () => {
      const at = this.#find(id) ?? this.#claim(id, slot);
      this.#advance(at, slot);
      for (const total of totals) {
        if (total.slot >= firstSlot(slot) && total.slot <= slot.number) {
          const place = at + COUNTS + (total.slot % SLOTS);
          const since = total.slot === slot.number ? this.#get(at + UNSHARED) : 0;
          this.#rows[place] = Math.max(this.#get(place), total.count + since);
        }
      }
    });
  }

  /** All rows that have something to tell. */
  *unshared(): Generator<Unshared> {
    for (let at = 0; at < this.#sets * WAYS * ROW; at += ROW) {
      const count = this.#get(at + UNSHARED);
      if (count > 0) {
        const id = { high: this.#get(at + ID_HIGH), low: this.#get(at + ID_LOW) };
        const milliseconds = this.#get(at + SLOT_MILLISECONDS);
        yield { id, slot: { number: this.#number(at), milliseconds }, count };
      }
    }
  }

  #inSet<T>(id: TallyId, work: () => T): T {
    const set = this.#setOf(id);
    for (let spins = 0; Atomics.compareExchange(this.#locks, set, 0, 1) !== 0; spins++) {
      if (spins >= SPINS_MAX) {
        break;
      }
    }
    try {
      return work();
    } finally {
      Atomics.store(this.#locks, set, 0);
    }
  }

  #find(id: TallyId): number | undefined {
    const first = this.#setOf(id) * WAYS * ROW;
    for (let at = first; at < first + WAYS * ROW; at += ROW) {
      if (this.#get(at + ID_HIGH) === id.high && this.#get(at + ID_LOW) === id.low) {
        return at;
      }
    }
    return undefined;
  }

  /** Makes room in the set: the row that was counted longest ago goes. */
  #claim(id: TallyId, slot: Slot): number {
    const first = this.#setOf(id) * WAYS * ROW;
    let oldest = first;
    for (let at = first; at < first + WAYS * ROW; at += ROW) {
      if (this.#endOf(at) < this.#endOf(oldest)) {
        oldest = at;
      }
    }
    this.#rows.fill(0, oldest, oldest + ROW);
    this.#rows[oldest + ID_HIGH] = id.high;
    this.#rows[oldest + ID_LOW] = id.low;
    this.#rows[oldest + SLOT] = slot.number;
    this.#rows[oldest + SLOT_MILLISECONDS] = slot.milliseconds;
    return oldest;
  }

  /** When the last count of a row was made, at the latest. */
  #endOf(at: number): number {
    return (this.#number(at) + 1) * this.#get(at + SLOT_MILLISECONDS);
  }

  #read(at: number, slot: Slot): Row {
    this.#advance(at, slot);
    const counts: number[] = [];
    for (let number = firstSlot(slot); number <= slot.number; number++) {
      counts.push(this.#get(at + COUNTS + (number % SLOTS)));
    }
    return { counts, unshared: this.#get(at + UNSHARED) };
  }

  /** Empties the slots that time has passed since the row was last touched. */
  #advance(at: number, slot: Slot): void {
    const known = this.#number(at);
    for (let next = Math.max(known + 1, firstSlot(slot)); next <= slot.number; next++) {
      this.#rows[at + COUNTS + (next % SLOTS)] = 0;
    }
    if (slot.number > known) {
      this.#rows[at + SLOT] = slot.number;
    }
  }

  #setOf({ low }: TallyId): number {
    return (low >>> 0) % this.#sets;
  }

  #number(at: number): number {
    return this.#get(at + SLOT) >>> 0;
  }

  #get(at: number): number {
    return this.#rows[at] ?? 0;
  }

  #add(at: number, count: number): void {
    this.#rows[at] = this.#get(at) + count;
  }
}

export function sumOf(counts: readonly number[]): number {
  return counts.reduce((sum, count) => sum + count, 0);
}
