import type { Instant } from "../domain/ids.ts";

/** What belongs to the installation as a whole. */
export interface InstanceStore {
  /**
   * Returns the wrapped secret of that name; where there is none yet, stores `candidate` and returns it. Of several processes that
   * start at once, all get the same one.
   */
  secret(name: string, candidate: () => Promise<Uint8Array>): Promise<Uint8Array>;

  /**
   * Takes a lease, or prolongs one that `holder` has, until `until`. `false` while somebody else holds it at `now`.
   */
  lease(name: string, holder: string, now: Instant, until: Instant): Promise<boolean>;

  /** Gives a lease back early; one that is not held is fine. */
  release(name: string, holder: string): Promise<void>;

  /** Removes the leases that nobody holds any more at `now`, and returns how many. */
  forgetLapsed(now: Instant): Promise<number>;
}
