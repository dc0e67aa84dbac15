import type { ChangeSignal } from "../../ports/change-signal.ts";

/**
 * Two sources, since neither is both exact and cheap: a counter in memory that the threads of this process share and count up with
 * every commit, and `PRAGMA data_version`, which knows of other processes but costs system calls. The latter is asked once in a turn of
 * the event loop: requests that came before the turn began can be answered from what was true then.
 */
export class SqliteChangeSignal implements ChangeSignal {
  readonly #commits: Int32Array;
  readonly #dataVersion: () => number;
  #seenCommits = 0;
  #seenDataVersion = 0;
  #isAsked = false;
  #version = 0;

  /** `commits` holds one number; `dataVersion` belongs to a connection that itself writes nothing. */
  constructor(commits: Int32Array, dataVersion: () => number) {
    this.#commits = commits;
    this.#dataVersion = dataVersion;
  }

  /** To be called after a commit, and before anybody is told of it. */
  committed(): void {
    Atomics.add(this.#commits, 0, 1);
  }

  version(): number {
    const commits = Atomics.load(this.#commits, 0);
    const dataVersion = this.#isAsked ? this.#seenDataVersion : this.#ask();
    if (commits !== this.#seenCommits || dataVersion !== this.#seenDataVersion) {
      this.#seenCommits = commits;
      this.#seenDataVersion = dataVersion;
      this.#version++;
    }
    return this.#version;
  }

  #ask(): number {
    this.#isAsked = true;
    setImmediate(() => {
      this.#isAsked = false;
    });
    return this.#dataVersion();
  }
}
