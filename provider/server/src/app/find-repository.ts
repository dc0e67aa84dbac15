import type { UserPrincipal } from "../domain/access.ts";
import { parseDigest } from "../domain/digest.ts";
import { RegistryError } from "../domain/errors.ts";
import type { RegistryId } from "../domain/ids.ts";
import { parseRepositoryName } from "../domain/repository-name.ts";
import type { ArtifactSummary, RepositorySummary } from "../ports/content-browser.ts";
import type { Context } from "./context.ts";
import { findRegistry } from "./find-registry.ts";

/** What a management request learns about a repository. */
export type RepositoryReport = RepositorySummary;

/** What a management request learns about an artifact. */
export type ArtifactReport = ArtifactSummary;

/** Names a repository, for a management request that is about it or its content. Neither is known to exist. */
export interface RepositoryAddress {
  readonly registryId: RegistryId;
  readonly repository: string;
}

export interface ArtifactAddress extends RepositoryAddress {
  readonly digest: string;
}

/**
 * A repository that holds a manifest.
 * @throws RegistryError `repository-name-invalid`, `access-denied`, `registry-unknown`, `repository-unknown`
 */
export async function findRepository(
  context: Pick<Context, "metadata">,
  principal: UserPrincipal,
  { registryId, repository }: RepositoryAddress,
): Promise<RepositoryReport> {
  const name = parseRepositoryName(repository);
  await findRegistry(context, principal, registryId, "browse");
  const found = await context.metadata.content.repository(registryId, name);
  if (found === undefined) {
    throw new RegistryError("repository-unknown", { repository });
  }
  return found;
}

/**
 * A manifest, as it is browsed.
 * @throws RegistryError `repository-name-invalid`, `digest-invalid`, `access-denied`, `registry-unknown`, `manifest-unknown`
 */
export async function findArtifact(
  context: Pick<Context, "metadata">,
  principal: UserPrincipal,
  { registryId, repository, digest: text }: ArtifactAddress,
): Promise<ArtifactReport> {
  const name = parseRepositoryName(repository);
  const digest = parseDigest(text);
  await findRegistry(context, principal, registryId, "browse");
  const found = await context.metadata.content.artifact(registryId, name, digest);
  if (found === undefined) {
    throw new RegistryError("manifest-unknown", { reference: digest });
  }
  return found;
}
