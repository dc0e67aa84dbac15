import { RegistryError } from "../../domain/errors.ts";
import type { MetadataStore } from "../../ports/metadata-store.ts";

/*
 * One thread writes for all workers of a process:
 *
 *   worker   calls of one turn of its event loop ──── one message ───▶ writer   runs them as transactions of one group, as far as it goes
 *   worker   settles their promises ◀── one message, after the commit ── writer
 *
 * A group then holds what all workers have waiting, and shares one fsync; the connection's page cache stays warm, which SQLite throws away
 * whenever another connection has written; and it is the writer who waits for the disk, while the workers answer, hash and seal.
 *
 * A worker that dies leaves calls that are carried out and answered to nobody: as if it had died between the commit and the answer.
 */

/** The methods that are sent on: those that pushes consist of, and what is written behind. All others write for themselves. */
export const RELAYED = {
  uploads: ["create", "advance", "remove"],
  blobs: ["commit", "mount", "touch"],
  manifests: ["put"],
  instance: ["lease", "release"],
  tokens: ["touch"],
  usage: ["addPulls"],
} as const satisfies {
  readonly [Store in keyof MetadataStore]?: readonly (keyof MetadataStore[Store])[];
};

export type RelayedStore = keyof typeof RELAYED;

export interface Call {
  readonly id: number;
  readonly store: RelayedStore;
  readonly method: string;
  readonly args: readonly unknown[];
}

export type Outcome =
  | { readonly id: number; readonly kind: "done"; readonly value: unknown }
  | { readonly id: number; readonly kind: "failed"; readonly failure: SentFailure };

/** A failure in parts: a class does not outlive the way from thread to thread. */
export interface SentFailure {
  readonly message: string;
  readonly stack: string | undefined;
  readonly refusal: Pick<RegistryError, "reason" | "detail"> | undefined;
  readonly cause: SentFailure | undefined;
}

export function sendableFailure(error: unknown): SentFailure {
  if (!(error instanceof Error)) {
    return { message: String(error), stack: undefined, refusal: undefined, cause: undefined };
  }
  const { message, stack, cause } = error;
  return {
    message,
    stack,
    refusal:
      error instanceof RegistryError ? { reason: error.reason, detail: error.detail } : undefined,
    cause: cause === undefined ? undefined : sendableFailure(cause),
  };
}

export function receivedFailure({ message, stack, refusal, cause }: SentFailure): Error {
  const options = cause === undefined ? undefined : { cause: receivedFailure(cause) };
  if (refusal !== undefined) {
    return new RegistryError(refusal.reason, refusal.detail, options);
  }
  const error = new Error(message, options);
  // Where it went wrong is in the other thread.
  if (stack !== undefined) {
    error.stack = stack;
  }
  return error;
}
