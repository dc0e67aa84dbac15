import type { RegistryId } from "../domain/ids.ts";
import { SWEPT_REGISTRIES_PER_QUERY_MAX } from "../domain/limits.ts";
import type { Context } from "./context.ts";
import { removeUnnamedBytes } from "./remove-unnamed-bytes.ts";

/**
 * Removes what registries that are gone have left: their empty space, and the bytes that remain after a crash in the middle of a deletion or after
 * a push that it overtook. Returns how many registries. A registry's row is there before its first byte, so bytes without a row are never
 * those of a new registry.
 */
export async function sweepRegistries(
  context: Pick<Context, "metadata" | "blobs">,
  signal?: AbortSignal,
): Promise<number> {
  let count = 0;
  let batch: RegistryId[] = [];
  const sweep = async () => {
    for (const id of await context.metadata.registries.missing(batch)) {
      count += (await sweepOne(context, id, signal)) ? 1 : 0;
    }
    batch = [];
  };
  for await (const id of context.blobs.registries()) {
    batch.push(id);
    if (batch.length === SWEPT_REGISTRIES_PER_QUERY_MAX) {
      await sweep();
    }
    if (signal?.aborted === true) {
      return count;
    }
  }
  await sweep();
  return count;
}

async function sweepOne(
  context: Pick<Context, "metadata" | "blobs">,
  id: RegistryId,
  signal: AbortSignal | undefined,
): Promise<boolean> {
  await removeUnnamedBytes(context, id, { signal });
  // Somebody may have created a registry under this id in the meantime: its space stays.
  const isMissing = (await context.metadata.registries.missing([id])).length > 0;
  if (isMissing && signal?.aborted !== true) {
    await context.blobs.removeRegistry(id);
    return true;
  }
  return false;
}
