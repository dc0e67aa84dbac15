import type { Principal } from "../domain/access.ts";
import { type AtOnce, goOn } from "../domain/at-once.ts";
import { parseDigest } from "../domain/digest.ts";
import { REFERRERS_BYTES_MAX } from "../domain/limits.ts";
import { parseManifest } from "../domain/manifest.ts";
import type { ManifestRecord, Referrer } from "../ports/manifest-store.ts";
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
    const found = annotationsOf(context, admitted, referrer);
    entries.push({ ...referrer, annotations: found instanceof Promise ? await found : found });
    bytes += referrer.size;
  }
  return { entries, hasMore: referrers.length > limit };
}

/** What was read of manifests that are kept in memory, for as long as they are. */
const read = new WeakMap<ManifestRecord, { readonly annotations: Referrer["annotations"] }>();

/** Annotations are content, so they are read from the sealed manifest; `undefined` too where it was deleted meanwhile. */
function annotationsOf(
  { metadata, sealer }: Parts,
  { registryId, repository }: Admitted,
  { digest }: Referrer,
): AtOnce<Referrer["annotations"]> {
  const found = metadata.manifests.find(registryId, repository, { kind: "digest", digest });
  return goOn(found, (record) => {
    const known = record && read.get(record);
    if (record === undefined || known !== undefined) {
      return known?.annotations;
    }
    const opened = sealer.open(registryId, manifestContext(digest), record.sealed);
    return goOn(opened, (bytes) => {
      const { annotations } = parseManifest(bytes, record.mediaType);
      read.set(record, { annotations });
      return annotations;
    });
  });
}
