import type { AuditEvent } from "../domain/audit.ts";
import type { Instant } from "../domain/ids.ts";

/** A wrapped key, and the context that it was wrapped for. */
export interface StoredKey {
  readonly context: string;
  readonly wrapped: Uint8Array;
}

export interface KeyChange extends StoredKey {
  readonly next: Uint8Array;
}

/** What belongs to the installation as a whole. */
export interface InstanceStore {
  /**
   * Returns the wrapped secret of that name; where there is none yet, stores `candidate` and returns it. Of several processes that
   * start at once, all get the same one.
   */
  secret(name: string, candidate: () => Promise<Uint8Array>): Promise<Uint8Array>;

  /** The wrapped secret of that name, if there is one yet. */
  findSecret(name: string): Promise<Uint8Array | undefined>;

  /** Everything that the key vault has wrapped. */
  wrappedKeys(): Promise<readonly StoredKey[]>;

  /**
   * Puts other wrappings of the same keys in place of these, all in one step, in which the event is written, too.
   * @throws Error when one of them is no longer as it was: nothing is changed then
   */
  replaceWrappedKeys(changes: readonly KeyChange[], event?: AuditEvent): Promise<void>;

  /**
   * Takes a lease, or prolongs one that `holder` has, until `until`. `false` while somebody else holds it at `now`.
   */
  lease(name: string, holder: string, now: Instant, until: Instant): Promise<boolean>;

  /** Gives a lease back early; one that is not held is fine. */
  release(name: string, holder: string): Promise<void>;

  /** Removes the leases that nobody holds any more at `now`, and returns how many. */
  forgetLapsed(now: Instant): Promise<number>;
}
