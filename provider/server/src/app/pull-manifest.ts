import type { Principal } from "../domain/access.ts";
import { RegistryError } from "../domain/errors.ts";
import { parseExistingReference } from "../domain/reference.ts";
import type { ManifestRecord } from "../ports/manifest-store.ts";
import { admit, type Target } from "./admit.ts";
import type { Context } from "./context.ts";
import { promiseManifest } from "./promise-manifest.ts";
import { manifestContext } from "./push-manifest.ts";

/** A manifest that the caller may read. */
export interface ReadableManifest extends Pick<ManifestRecord, "digest" | "mediaType" | "size"> {
  /** The bytes, exactly as they were pushed. Reading them is the pull that is counted. */
  read(): Promise<Uint8Array>;
}

/**
 * Finds a manifest by tag or digest (distribution-spec 1.1, "Pulling manifests").
 * @throws RegistryError `digest-invalid`, `manifest-unknown`, and what `admit` throws
 */
export async function pullManifest(
  context: Pick<
    Context,
    "metadata" | "sealer" | "clock" | "usageNotes" | "settings" | "promisedManifests"
  >,
  principal: Principal,
  target: Target,
  reference: string,
): Promise<ReadableManifest> {
  const { registry, registryId, repository } = await admit(context, principal, target, "pull");
  const named = parseExistingReference(reference);
  const record = await context.metadata.manifests.find(registryId, repository, named);
  if (record === undefined) {
    throw new RegistryError("manifest-unknown", { reference });
  }
  const { digest, mediaType, size, sealed } = record;
  if (registry.schedule?.deleteUntagged === true) {
    await promiseManifest(context, registryId, repository, digest);
  }
  const read = () => {
    context.usageNotes.pulled(registryId, repository, digest, context.clock.now());
    return context.sealer.open(registryId, manifestContext(digest), sealed);
  };
  return { digest, mediaType, size, read };
}
