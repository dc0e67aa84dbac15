import { setTimeout as delay } from "node:timers/promises";
import { RegistryError } from "../domain/errors.ts";
import type { Instant, RegistryId } from "../domain/ids.ts";
import { READ_ONLY_POLL_MILLISECONDS, READ_ONLY_RETRY_AFTER_SECONDS } from "../domain/limits.ts";
import type { Context } from "./context.ts";

type Parts = Pick<Context, "metadata" | "clock" | "settings">;

/**
 * The gate of what changes a registry's content: while its garbage is being marked, pushes and deletes wait. It spares them a fight for
 * the database with the collector; nothing is unsafe about one that slips through (see `collect-garbage.ts`).
 * @throws RegistryError `service-unavailable` when that takes longer than the setting allows
 */
export async function awaitWritable(
  context: Parts,
  { id, readOnlyUntil }: { readonly id: RegistryId; readonly readOnlyUntil?: Instant | undefined },
): Promise<void> {
  const lateAt = performance.now() + context.settings.readOnlyWaitMilliseconds;
  let until = readOnlyUntil;
  while (until !== undefined && context.clock.now() < until) {
    if (performance.now() >= lateAt) {
      const detail = { retryAfterSeconds: READ_ONLY_RETRY_AFTER_SECONDS };
      throw new RegistryError("service-unavailable", detail);
    }
    await delay(READ_ONLY_POLL_MILLISECONDS);
    until = await context.metadata.garbage.readOnlyUntil(id);
  }
}

/** The same where the registry was looked up a while ago, before a client's bytes came in. */
export async function awaitWritableAgain(context: Parts, id: RegistryId): Promise<void> {
  await awaitWritable(context, {
    id,
    readOnlyUntil: await context.metadata.garbage.readOnlyUntil(id),
  });
}
