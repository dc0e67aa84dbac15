import { decideOnRepository, type Principal } from "../domain/access.ts";
import { type AtOnce, goOn } from "../domain/at-once.ts";
import { RegistryError } from "../domain/errors.ts";
import { parseExistingReference } from "../domain/reference.ts";
import type { FoundManifest } from "../ports/manifest-store.ts";
import { admit, type Target } from "./admit.ts";
import type { Context } from "./context.ts";
import { promiseManifest } from "./promise-manifest.ts";
import { manifestContext } from "./push-manifest.ts";

/** A manifest that the caller may read. */
export interface ReadableManifest extends Pick<FoundManifest, "digest" | "mediaType" | "size"> {
  /** The bytes, exactly as they were pushed. Reading them is the pull that is counted. */
  read(): AtOnce<Uint8Array>;
}

type Parts = Pick<
  Context,
  "metadata" | "sealer" | "clock" | "usageNotes" | "settings" | "promisedManifests"
>;

/**
 * Finds a manifest by tag or digest, at once where everything that it takes is known (distribution-spec 1.1, "Pulling manifests").
 *
 * One that has a damaged blob is not there for those who merely ask and may push: crane, oras and regctl look for the manifest before a push, and
 * leave all blobs out where they find it. Whoever pulls gets it, since he may have the blob already.
 * @throws RegistryError `digest-invalid`, `manifest-unknown`, and what `admit` throws
 */
export function pullManifest(
  context: Parts,
  principal: Principal,
  target: Target,
  reference: string,
  use: "check" | "read",
): AtOnce<ReadableManifest> {
  return goOn(admit(context, principal, target, "pull"), ({ registry, registryId, repository }) => {
    const mayPush = () => decideOnRepository(principal, registry, repository, "push") === "granted";
    const named = parseExistingReference(reference);
    return goOn(context.metadata.manifests.find(registryId, repository, named), (record) => {
      if (record === undefined || (record.isIncomplete && use === "check" && mayPush())) {
        throw new RegistryError("manifest-unknown", { reference });
      }
      const { digest, mediaType, size, sealed } = record;
      const read = () => {
        context.usageNotes.pulled(registryId, repository, digest, context.clock.now());
        return context.sealer.open(registryId, manifestContext(digest), sealed);
      };
      const manifest = { digest, mediaType, size, read };
      return registry.schedule?.deleteUntagged === true
        ? promiseManifest(context, registryId, repository, digest).then(() => manifest)
        : manifest;
    });
  });
}
