import { EXPIRED_TOKENS_PER_SWEEP_MAX } from "../domain/limits.ts";
import type { Context } from "./context.ts";

/**
 * Deletes the tokens that have expired, of all registries, and returns how many. Their credentials stopped working at the moment of
 * expiry; this frees their names and ids.
 */
export async function expireTokens(
  context: Pick<Context, "metadata" | "clock">,
  signal?: AbortSignal,
): Promise<number> {
  const now = context.clock.now();
  let count = 0;
  for (;;) {
    const removed = await context.metadata.tokens.removeExpired(now, EXPIRED_TOKENS_PER_SWEEP_MAX);
    count += removed.length;
    if (removed.length < EXPIRED_TOKENS_PER_SWEEP_MAX || signal?.aborted === true) {
      return count;
    }
  }
}
