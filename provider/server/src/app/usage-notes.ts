import type { Digest } from "../domain/digest.ts";
import type { Instant, RegistryId, TokenId } from "../domain/ids.ts";
import { inParts } from "../domain/in-parts.ts";
import {
  USAGE_FLUSH_MILLISECONDS,
  USAGE_NOTES_MAX,
  USAGE_NOTES_PER_TRANSACTION_MAX,
} from "../domain/limits.ts";
import type { RepositoryName } from "../domain/repository-name.ts";
import type { EventSink } from "../ports/event-sink.ts";
import type { TokenStore } from "../ports/token-store.ts";
import type { Pulls, UsageStore } from "../ports/usage-store.ts";

/*
 * What is read must not wait for a write. So pulls and uses of tokens are noted in memory, and written behind:
 *
 *   note:  add to the batch; the first note of a batch sets a timer, and a full batch is written at once
 *   flush: take the batch, so that new notes begin another; write it, part by part, one transaction each
 *          what could not be written goes back into the batch, for the next time
 *   close: flush once more
 *
 * A process that dies loses its batch: the last few seconds. Each process adds what it has seen, so that none overwrites another's count.
 */

interface UsageParts {
  readonly metadata: { readonly usage: UsageStore; readonly tokens: Pick<TokenStore, "touch"> };
  readonly events: Pick<EventSink, "warn" | "error">;
}

interface Limits {
  readonly flushMilliseconds: number;
  readonly notesMax: number;
}

/** What this process has seen used and not written down yet. */
export class UsageNotes {
  readonly #parts: UsageParts;
  readonly #limits: Limits;
  #pulls = new Map<string, Pulls>();
  #tokens = new Map<TokenId, Instant>();
  #dropped = 0;
  #timer: NodeJS.Timeout | undefined;
  #writing: Promise<void> = Promise.resolve();
  #queued: Promise<void> | undefined;

  constructor(parts: UsageParts, limits: Partial<Limits> = {}) {
    this.#parts = parts;
    this.#limits = {
      flushMilliseconds: USAGE_FLUSH_MILLISECONDS,
      notesMax: USAGE_NOTES_MAX,
      ...limits,
    };
  }

  /** Notes that a manifest was pulled. */
  pulled(registryId: RegistryId, repository: RepositoryName, digest: Digest, at: Instant): void {
    const before = this.#pulls.size;
    this.#addPulls({ registryId, repository, digest, count: 1, lastAt: at });
    this.#plan(before, this.#pulls.size);
  }

  /** Notes that a request was made with a token. */
  tokenUsed(id: TokenId, at: Instant): void {
    const before = this.#tokens.size;
    this.#addToken(id, at);
    this.#plan(before, this.#tokens.size);
  }

  /** Resolves when everything that was noted before is written, or has failed to be. Never rejects. */
  flush(): Promise<void> {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    // One at a time, and one more at most that waits: it takes all that was noted before it begins.
    this.#queued ??= this.#writing.then(() => {
      this.#queued = undefined;
      return this.#write();
    });
    this.#writing = this.#queued;
    return this.#queued;
  }

  async close(): Promise<void> {
    await this.flush();
    clearTimeout(this.#timer);
  }

  #addPulls(pulls: Pulls): void {
    const key = `${pulls.registryId} ${pulls.repository} ${pulls.digest}`;
    const known = this.#pulls.get(key);
    if (known === undefined && this.#pulls.size >= this.#limits.notesMax) {
      this.#dropped += pulls.count;
      return;
    }
    const count = pulls.count + (known?.count ?? 0);
    const lastAt = Math.max(pulls.lastAt, known?.lastAt ?? 0);
    this.#pulls.set(key, { ...pulls, count, lastAt });
  }

  #addToken(id: TokenId, at: Instant): void {
    if (this.#tokens.has(id) || this.#tokens.size < this.#limits.notesMax) {
      this.#tokens.set(id, Math.max(at, this.#tokens.get(id) ?? 0));
    }
  }

  #plan(sizeBefore: number, size: number): void {
    if (size > sizeBefore && size === this.#limits.notesMax) {
      void this.flush();
    } else {
      this.#startTimer();
    }
  }

  #startTimer(): void {
    this.#timer ??= setTimeout(() => void this.flush(), this.#limits.flushMilliseconds).unref();
  }

  async #write(): Promise<void> {
    const { usage, tokens } = this.#parts.metadata;
    const pulls = [...this.#pulls.values()];
    const touched = [...this.#tokens];
    this.#pulls = new Map();
    this.#tokens = new Map();
    this.#reportDropped();
    let [pullsWritten, tokensWritten] = [0, 0];
    try {
      for (const part of inParts(pulls, USAGE_NOTES_PER_TRANSACTION_MAX)) {
        await usage.addPulls(part);
        pullsWritten += part.length;
      }
      for (const part of inParts(touched, USAGE_NOTES_PER_TRANSACTION_MAX)) {
        await tokens.touch(new Map(part));
        tokensWritten += part.length;
      }
    } catch (error) {
      this.#parts.events.error("usage-not-written", error);
      for (const each of pulls.slice(pullsWritten)) {
        this.#addPulls(each);
      }
      for (const [id, at] of touched.slice(tokensWritten)) {
        this.#addToken(id, at);
      }
      this.#startTimer();
    }
  }

  #reportDropped(): void {
    if (this.#dropped > 0) {
      this.#parts.events.warn("usage-dropped", { pulls: this.#dropped });
      this.#dropped = 0;
    }
  }
}
