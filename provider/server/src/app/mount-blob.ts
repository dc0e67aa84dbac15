import type { Principal } from "../domain/access.ts";
import type { Digest } from "../domain/digest.ts";
import { RegistryError } from "../domain/errors.ts";
import type { BlobRecord } from "../ports/blob-index.ts";
import { type Admitted, admit, type Target } from "./admit.ts";
import { awaitWritable } from "./await-writable.ts";
import type { Context } from "./context.ts";

/**
 * Lets a repository see a blob of another one of the same registry (distribution-spec 1.1, "Mounting a blob from another repository").
 * `undefined` where that cannot be done, for whatever reason: the client then uploads the blob, and learns nothing of the source.
 * @throws what `admit` throws for the repository that is to see the blob, and what `awaitWritable` throws
 */
export async function mountBlob(
  context: Pick<Context, "metadata" | "clock" | "settings">,
  principal: Principal,
  target: Target,
  from: Target,
  digest: Digest,
): Promise<BlobRecord | undefined> {
  const to = await admit(context, principal, target, "push");
  const source = await admitToSource(context, principal, from);
  if (source?.registryId !== to.registryId) {
    return undefined;
  }
  await awaitWritable(context, to.registry);
  const now = context.clock.now();
  return context.metadata.blobs.mount(to.registryId, source.repository, to.repository, digest, now);
}

async function admitToSource(
  context: Pick<Context, "metadata">,
  principal: Principal,
  from: Target,
): Promise<Admitted | undefined> {
  try {
    return await admit(context, principal, from, "pull");
  } catch (error) {
    if (error instanceof RegistryError) {
      return undefined;
    }
    throw error;
  }
}
