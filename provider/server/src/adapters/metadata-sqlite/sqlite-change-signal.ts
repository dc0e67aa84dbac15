import { CHANGE_TOPICS, type ChangeSignal, type ChangeTopic } from "../../ports/change-signal.ts";
import type { ChangeCounts } from "./change-counts.ts";
import { isBusy } from "./sqlite-failures.ts";

/**
 * Three sources, the cheapest first:
 *
 *   a counter in memory, which the threads of this process share and count up with every commit: asked always
 *   `PRAGMA data_version`, which knows of other processes too but costs system calls: once in a turn of the event loop, since
 *     requests that came before the turn began can be answered from what was true then
 *   the table of `change-counts.ts`, which knows what was changed: only when one of the others says that something was
 *
 * The counter is read before the table: a commit in between is seen twice, and none is missed.
 */
export class SqliteChangeSignal implements ChangeSignal {
  readonly #commits: Int32Array;
  readonly #dataVersion: () => number;
  readonly #readCounts: () => ChangeCounts | undefined;
  readonly #versions = new Map<ChangeTopic, number>(CHANGE_TOPICS.map((topic) => [topic, 0]));
  #counts: ChangeCounts | undefined;
  #seenCommits = -1;
  #seenDataVersion = 0;
  #isAsked = false;

  /** `commits` holds one number; the others ask a connection that itself writes nothing. */
  constructor(
    commits: Int32Array,
    dataVersion: () => number,
    readCounts: () => ChangeCounts | undefined,
  ) {
    this.#commits = commits;
    this.#dataVersion = dataVersion;
    this.#readCounts = readCounts;
  }

  /** To be called after a commit, and before anybody is told of it. */
  committed(): void {
    Atomics.add(this.#commits, 0, 1);
  }

  version(topic: ChangeTopic): number {
    const commits = Atomics.load(this.#commits, 0);
    const dataVersion = this.#isAsked ? this.#seenDataVersion : this.#ask();
    if (commits !== this.#seenCommits || dataVersion !== this.#seenDataVersion) {
      this.#seenCommits = commits;
      this.#seenDataVersion = dataVersion;
      this.#compareCounts();
    }
    return this.#versions.get(topic) ?? 0;
  }

  #ask(): number {
    this.#isAsked = true;
    setImmediate(() => {
      this.#isAsked = false;
    });
    return this.#dataVersion();
  }

  /** Whatever cannot be told counts as changed. */
  #compareCounts(): void {
    const before = this.#counts;
    this.#counts = this.#tryReadCounts();
    for (const topic of CHANGE_TOPICS) {
      const count = this.#counts?.get(topic);
      if (count === undefined || count !== before?.get(topic)) {
        this.#versions.set(topic, (this.#versions.get(topic) ?? 0) + 1);
      }
    }
  }

  #tryReadCounts(): ChangeCounts | undefined {
    try {
      return this.#readCounts();
    } catch (error) {
      if (isBusy(error)) {
        return undefined;
      }
      throw error;
    }
  }
}
