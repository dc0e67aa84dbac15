import { EXPIRED_TOKENS_PER_SWEEP_MAX } from "../domain/limits.ts";
import type { Token } from "../domain/token.ts";
import { auditEvent } from "./audit-event.ts";
import type { Context } from "./context.ts";
import { tokenResource } from "./token-draft.ts";

/**
 * Deletes the tokens that have expired, of all registries, and returns how many. Their credentials stopped working at the moment of
 * expiry; this frees their names and ids.
 */
export async function expireTokens(
  context: Pick<Context, "metadata" | "clock" | "ids">,
  signal?: AbortSignal,
): Promise<number> {
  const now = context.clock.now();
  const eventOf = (token: Token) =>
    auditEvent(context, "server", {
      action: "token.expire",
      organizationId: token.organizationId,
      registry: { id: token.registryId },
      resource: tokenResource(token),
    });
  let count = 0;
  for (;;) {
    const removed = await context.metadata.tokens.removeExpired(
      now,
      EXPIRED_TOKENS_PER_SWEEP_MAX,
      eventOf,
    );
    count += removed.length;
    if (removed.length < EXPIRED_TOKENS_PER_SWEEP_MAX || signal?.aborted === true) {
      return count;
    }
  }
}
