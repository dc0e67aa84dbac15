import type { Principal } from "../domain/access.ts";
import { parseDigest } from "../domain/digest.ts";
import { REFERRERS_BYTES_MAX } from "../domain/limits.ts";
import { parseManifest } from "../domain/manifest.ts";
import type { Referrer } from "../ports/manifest-store.ts";
import { type Admitted, admit, type Target } from "./admit.ts";
import type { Context } from "./context.ts";
import type { Page, PageRequest } from "./list-tags.ts";
import { manifestContext } from "./push-manifest.ts";

type Parts = Pick<Context, "metadata" | "sealer">;

/**
 * Lists the manifests that name `reference` as their subject; none for a digest that nobody has pushed (distribution-spec 1.1, "Listing
 * Referrers").
 * @throws RegistryError `digest-invalid`, and what `admit` throws
 */
export async function listReferrers(
  context: Parts,
  principal: Principal,
  target: Target,
  reference: string,
  artifactType: string | undefined,
  { after, limit }: PageRequest,
): Promise<Page<Referrer>> {
  const admitted = await admit(context, principal, target, "pull");
  const referrers = await context.metadata.manifests.referrers(
    admitted.registryId,
    admitted.repository,
    parseDigest(reference),
    { artifactType },
    { after, limit: limit + 1 },
  );
  const entries: Referrer[] = [];
  let bytes = 0;
  for (const referrer of referrers.slice(0, limit)) {
    if (bytes >= REFERRERS_BYTES_MAX) {
      return { entries, hasMore: true };
    }
    entries.push({ ...referrer, annotations: await annotationsOf(context, admitted, referrer) });
    bytes += referrer.size;
  }
  return { entries, hasMore: referrers.length > limit };
}

/** Annotations are content, so they are read from the sealed manifest; `undefined` too where it was deleted meanwhile. */
async function annotationsOf(
  { metadata, sealer }: Parts,
  { registryId, repository }: Admitted,
  { digest }: Referrer,
): Promise<Referrer["annotations"]> {
  const record = await metadata.manifests.find(registryId, repository, { kind: "digest", digest });
  if (record === undefined) {
    return undefined;
  }
  const bytes = await sealer.open(registryId, manifestContext(digest), record.sealed);
  return parseManifest(bytes, record.mediaType).annotations;
}
