import { open } from "node:fs/promises";
import { dirname } from "node:path";
import { BoundedMap } from "../../domain/bounded-map.ts";
import { DURABLE_DIRECTORIES_MAX } from "../../domain/limits.ts";

/**
 * Makes names durable: a new file survives a power cut only once the directory that lists it is synced, and that directory's own name
 * in its parent, up to the top. Uploads that need the same directory at the same time share one `fsync`.
 */
export class DurableDirectories {
  readonly #top: string;
  /** Directories whose own name is known to be durable. Another process may have made them, so each process finds out once. */
  readonly #named = new BoundedMap<string, true>(DURABLE_DIRECTORIES_MAX);
  readonly #waiting = new Map<string, Promise<void>>();
  readonly #running = new Map<string, Promise<void>>();

  constructor(top: string) {
    this.#top = top;
  }

  /** Makes the top directory's own name durable. */
  async persistTop(): Promise<void> {
    await this.#sync(dirname(this.#top)).catch((error: unknown) => {
      // Somebody else's directory, which we may pass but not read: then its owner made ours, and long ago.
      if (!(error instanceof Error && "code" in error && error.code === "EACCES")) {
        throw error;
      }
    });
  }

  /** Makes durable what `directory`, which lies below the top, lists, and its own name. */
  async persist(directory: string): Promise<void> {
    await Promise.all([this.#sync(directory), this.#persistName(directory)]);
  }

  /** Forgets that a directory's name is durable, because it is about to be made anew. */
  forget(directory: string): void {
    this.#named.delete(directory);
  }

  async #persistName(directory: string): Promise<void> {
    if (directory === this.#top || this.#named.get(directory)) {
      return;
    }
    await this.persist(dirname(directory));
    this.#named.set(directory, true);
  }

  /** Joins a sync that has not begun yet; one that runs already may miss what was named after it began. */
  #sync(directory: string): Promise<void> {
    const waiting = this.#waiting.get(directory);
    if (waiting !== undefined) {
      return waiting;
    }
    const next = this.#syncBehind(this.#running.get(directory), directory);
    this.#waiting.set(directory, next);
    return next;
  }

  async #syncBehind(running: Promise<void> | undefined, directory: string): Promise<void> {
    // Its failure belongs to those who joined it.
    await running?.catch(() => {});
    this.#waiting.delete(directory);
    const sync = syncDirectory(directory);
    this.#running.set(directory, sync);
    try {
      await sync;
    } finally {
      if (this.#running.get(directory) === sync) {
        this.#running.delete(directory);
      }
    }
  }
}

async function syncDirectory(directory: string): Promise<void> {
  const handle = await open(directory, "r");
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}
