import type { Context } from "./context.ts";

/** Whether the server can do its work now: the metadata store can be read and written. A failing check is logged, and is a no. */
export async function checkReadiness(
  context: Pick<Context, "metadata" | "events">,
): Promise<boolean> {
  try {
    return await context.metadata.isReady();
  } catch (error) {
    context.events.error("not-ready", error);
    return false;
  }
}
