import { decideOnRepository, type Principal } from "../domain/access.ts";
import type { Digest } from "../domain/digest.ts";
import { RegistryError } from "../domain/errors.ts";
import { MOUNT_SOURCES_MAX } from "../domain/limits.ts";
import type { RepositoryName } from "../domain/repository-name.ts";
import type { BlobRecord } from "../ports/blob-index.ts";
import { type Admitted, admit, type Target } from "./admit.ts";
import { awaitWritable } from "./await-writable.ts";
import type { Context } from "./context.ts";

/**
 * Lets a repository see a blob of another one of the same registry (distribution-spec 1.1, "Mounting a blob from another repository").
 * Without `from`, the source is any repository that the caller may pull from ("Automatic content discovery"). `undefined` where that cannot be done, for whatever reason: the client then uploads the blob, and learns nothing of the source.
 * @throws what `admit` throws for the repository that is to see the blob, and what `awaitWritable` throws
 */
export async function mountBlob(
  context: Pick<Context, "metadata" | "clock" | "settings">,
  principal: Principal,
  target: Target,
  from: Target | undefined,
  digest: Digest,
): Promise<BlobRecord | undefined> {
  const to = await admit(context, principal, target, "push");
  const source =
    from === undefined
      ? await discoverSource(context, principal, to, digest)
      : await namedSource(context, principal, to, from);
  if (source === undefined) {
    return undefined;
  }
  await awaitWritable(context, to.registry);
  const now = context.clock.now();
  return context.metadata.blobs.mount(to.registryId, source, to.repository, digest, now);
}

/** The target itself comes first: what it sees already needs no other source. */
async function discoverSource(
  context: Pick<Context, "metadata">,
  principal: Principal,
  { registry, registryId, repository }: Admitted,
  digest: Digest,
): Promise<RepositoryName | undefined> {
  const holders = await context.metadata.blobs.holders(registryId, digest, MOUNT_SOURCES_MAX);
  const mayPull = (holder: RepositoryName) =>
    decideOnRepository(principal, registry, holder, "pull") === "granted";
  return holders.includes(repository) ? repository : holders.find(mayPull);
}

async function namedSource(
  context: Pick<Context, "metadata">,
  principal: Principal,
  to: Admitted,
  from: Target,
): Promise<RepositoryName | undefined> {
  const source = await admitToSource(context, principal, from);
  return source?.registryId === to.registryId ? source.repository : undefined;
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
