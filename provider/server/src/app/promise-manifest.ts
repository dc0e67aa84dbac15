import type { Digest } from "../domain/digest.ts";
import { RegistryError } from "../domain/errors.ts";
import type { RegistryId } from "../domain/ids.ts";
import type { RepositoryName } from "../domain/repository-name.ts";
import type { Context } from "./context.ts";

/**
 * The same as `promiseBlob` for a manifest of a registry whose schedule removes untagged ones: the client may list it in an index, or tag
 * it, because it was told that it exists. One write for a manifest every half of the grace period.
 * @throws RegistryError `manifest-unknown` when it was removed between the look-up and now
 */
export async function promiseManifest(
  context: Pick<Context, "metadata" | "clock" | "settings" | "promisedManifests">,
  registryId: RegistryId,
  repository: RepositoryName,
  digest: Digest,
): Promise<void> {
  const { promisedManifests, metadata, clock, settings } = context;
  const key = `${registryId} ${repository} ${digest}`;
  const now = clock.now();
  const promisedAt = promisedManifests.get(key);
  if (promisedAt !== undefined && now - promisedAt < settings.garbageGraceMilliseconds / 2) {
    return;
  }
  if (!(await metadata.untagged.promise(registryId, repository, digest, now))) {
    throw new RegistryError("manifest-unknown", { reference: digest });
  }
  promisedManifests.set(key, now);
}
