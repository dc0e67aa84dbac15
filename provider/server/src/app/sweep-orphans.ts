import { ORPHAN_AGE_MILLISECONDS_MIN } from "../domain/limits.ts";
import type { Context } from "./context.ts";
import { removeUnnamedBytes } from "./remove-unnamed-bytes.ts";

/**
 * Removes bytes that no row names, of all registries, and returns how many objects that were:
 *
 *   a crash between the end of an upload's row and the removal of its bytes    cancelled, expired, refused for its digest
 *   a crash after a blob was committed that the registry had already           the copy that is not used
 *   a removal that failed
 *
 * An upload's row names its bytes before the first of them is written and until the blob's row does, in one transaction, so nothing that
 * is alive is ever without a name. The age is a belt to these braces.
 */
export async function sweepOrphans(
  context: Pick<Context, "metadata" | "blobs" | "clock">,
  signal?: AbortSignal,
): Promise<number> {
  const writtenBefore = context.clock.now() - ORPHAN_AGE_MILLISECONDS_MIN;
  let count = 0;
  for await (const id of context.blobs.registries()) {
    if (signal?.aborted === true) {
      break;
    }
    count += await removeUnnamedBytes(context, id, { writtenBefore, signal });
  }
  return count;
}
