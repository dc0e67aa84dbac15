import type { Instant, RegistryId, StorageKey } from "../domain/ids.ts";
import { UNNAMED_OBJECTS_PER_QUERY_MAX } from "../domain/limits.ts";
import type { Context } from "./context.ts";

export interface Which {
  /** Only objects that nobody wrote to since. */
  readonly writtenBefore?: Instant;
  readonly signal?: AbortSignal | undefined;
}

/**
 * Removes those objects of a registry that no row names, and returns how many: all of them, once its row is gone. Objects are asked about one
 * batch at a time, by keys that never repeat, and an upload's row is there before its first byte: what is written meanwhile is spared.
 */
export async function removeUnnamedBytes(
  context: Pick<Context, "metadata" | "blobs">,
  registryId: RegistryId,
  { signal, ...which }: Which = {},
): Promise<number> {
  let count = 0;
  const remove = async (keys: readonly StorageKey[]) => {
    for (const key of await context.metadata.blobs.unreferenced(registryId, keys)) {
      await context.blobs.remove(registryId, key);
      count++;
    }
  };
  let batch: StorageKey[] = [];
  for await (const key of context.blobs.keys(registryId, which)) {
    if (signal?.aborted === true) {
      return count;
    }
    batch.push(key);
    if (batch.length === UNNAMED_OBJECTS_PER_QUERY_MAX) {
      await remove(batch);
      batch = [];
    }
  }
  if (batch.length > 0) {
    await remove(batch);
  }
  return count;
}
