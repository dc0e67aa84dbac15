import type { RegistryId } from "../domain/ids.ts";
import { SWEPT_REGISTRIES_PER_QUERY_MAX } from "../domain/limits.ts";
import type { Context } from "./context.ts";

/**
 * Removes the bytes of registries that are gone, which a crash in the middle of a deletion, or a push that it overtook, can leave; returns how
 * many registries. A registry's row is there before its first byte, so bytes without a row are never those of a new registry.
 */
export async function sweepRegistries(
  context: Pick<Context, "metadata" | "blobs">,
  signal?: AbortSignal,
): Promise<number> {
  let count = 0;
  let batch: RegistryId[] = [];
  const sweep = async () => {
    for (const id of await context.metadata.registries.missing(batch)) {
      await context.blobs.removeRegistry(id);
      count += 1;
    }
    batch = [];
  };
  for await (const id of context.blobs.registries()) {
    if (signal?.aborted === true) {
      return count;
    }
    batch.push(id);
    if (batch.length === SWEPT_REGISTRIES_PER_QUERY_MAX) {
      await sweep();
    }
  }
  if (batch.length > 0) {
    await sweep();
  }
  return count;
}
