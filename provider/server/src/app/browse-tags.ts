import type { UserPrincipal } from "../domain/access.ts";
import type { Digest } from "../domain/digest.ts";
import type { RegistryId } from "../domain/ids.ts";
import { configOfImage, platformOfConfig, platformsOfIndex, readJson } from "../domain/platform.ts";
import type { RepositoryName } from "../domain/repository-name.ts";
import type { TagSummary } from "../ports/content-browser.ts";
import type { Context } from "./context.ts";
import { findRepository, type RepositoryAddress } from "./find-repository.ts";
import { type KeysetPageOf, keysetPageOf, readPageToken } from "./page-token.ts";
import { manifestContext } from "./push-manifest.ts";
import { blobContext } from "./upload-writer.ts";

type Parts = Pick<Context, "metadata" | "sealer" | "hasher">;

export interface DescribedTag extends TagSummary {
  /** `os/architecture`, with `/variant` where there is one. Empty: what is tagged is no image, or does not say. */
  readonly platforms: readonly string[];
}

/**
 * One page of a repository's tags, by their bytes, with what stands behind them.
 * @throws RegistryError `page-invalid`, and what `findRepository` throws
 */
export async function browseTags(
  context: Parts,
  principal: UserPrincipal,
  address: RepositoryAddress,
  { limit, pageToken }: { readonly limit: number; readonly pageToken: string },
): Promise<KeysetPageOf<DescribedTag>> {
  const { name } = await findRepository(context, principal, address);
  const { registryId } = address;
  const list = `tags ${registryId} ${name}`;
  const after = readPageToken(context, list, pageToken);
  const found = await context.metadata.content.tags(registryId, name, { after, limit: limit + 1 });
  const page = keysetPageOf(context, list, found, limit, ({ tag }) => tag);
  // Several tags may point at the same manifest.
  const platforms = new Map<Digest, readonly string[]>();
  for (const digest of new Set(page.entries.map((entry) => entry.digest))) {
    platforms.set(digest, await platformsOf(context, registryId, name, digest));
  }
  const entries = page.entries.map((entry) => ({
    ...entry,
    platforms: platforms.get(entry.digest) ?? [],
  }));
  return { ...page, entries };
}

/** An index names its platforms; an image's is in its config, of which only small ones are read. */
async function platformsOf(
  context: Parts,
  registryId: RegistryId,
  repository: RepositoryName,
  digest: Digest,
): Promise<readonly string[]> {
  const { manifests, blobs } = context.metadata;
  const record = await manifests.find(registryId, repository, { kind: "digest", digest });
  if (record === undefined) {
    return [];
  }
  const bytes = await context.sealer.open(registryId, manifestContext(digest), record.sealed);
  const document = readJson(bytes);
  const config = configOfImage(document);
  if (config === undefined) {
    return platformsOfIndex(document);
  }
  const blob = await blobs.find(registryId, repository, config);
  if (blob?.location.kind !== "inline") {
    return [];
  }
  const { sealed } = blob.location;
  return platformOfConfig(
    readJson(await context.sealer.open(registryId, blobContext(config), sealed)),
  );
}
