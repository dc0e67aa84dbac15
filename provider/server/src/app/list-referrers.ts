import type { Principal } from "../domain/access.ts";
import { parseDigest } from "../domain/digest.ts";
import type { Referrer } from "../ports/manifest-store.ts";
import { admit, type Target } from "./admit.ts";
import type { Context } from "./context.ts";
import type { Page, PageRequest } from "./list-tags.ts";

/**
 * Lists the manifests that name `reference` as their subject; none for a digest that nobody has pushed (distribution-spec 1.1, "Listing
 * Referrers").
 * @throws RegistryError `digest-invalid`, and what `admit` throws
 */
export async function listReferrers(
  context: Pick<Context, "metadata">,
  principal: Principal,
  target: Target,
  reference: string,
  artifactType: string | undefined,
  { after, limit }: PageRequest,
): Promise<Page<Referrer>> {
  const { registryId, repository } = await admit(context, principal, target, "pull");
  const referrers = await context.metadata.manifests.referrers(
    registryId,
    repository,
    parseDigest(reference),
    { artifactType },
    { after, limit: limit + 1 },
  );
  return { entries: referrers.slice(0, limit), hasMore: referrers.length > limit };
}
