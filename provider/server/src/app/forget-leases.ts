import type { Context } from "./context.ts";

/** Forgets the leases that have run out, which holders that died have left; returns how many. One that somebody wants is there again at once. */
export function forgetLeases(context: Pick<Context, "metadata" | "clock">): Promise<number> {
  return context.metadata.instance.forgetLapsed(context.clock.now());
}
