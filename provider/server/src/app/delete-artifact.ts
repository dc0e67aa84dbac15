import type { UserPrincipal } from "../domain/access.ts";
import { parseDigest } from "../domain/digest.ts";
import { RegistryError } from "../domain/errors.ts";
import { parseRepositoryName } from "../domain/repository-name.ts";
import { auditEvent } from "./audit-event.ts";
import { awaitWritable } from "./await-writable.ts";
import type { Context } from "./context.ts";
import { findRegistry } from "./find-registry.ts";
import type { ArtifactAddress } from "./find-repository.ts";

/**
 * Deletes one manifest with the tags that point at it.
 * @throws RegistryError `repository-name-invalid`, `digest-invalid`, `access-denied`, `registry-unknown`, `manifest-unknown`, and what
 *   `awaitWritable` throws
 */
export async function deleteArtifact(
  context: Pick<Context, "metadata" | "clock" | "ids" | "settings">,
  principal: UserPrincipal,
  { registryId, repository, digest: text }: ArtifactAddress,
): Promise<void> {
  const name = parseRepositoryName(repository);
  const digest = parseDigest(text);
  const registry = await findRegistry(context, principal, registryId, "delete-content");
  await awaitWritable(context, registry);
  const event = auditEvent(context, principal, {
    action: "content.delete",
    registry,
    resource: { type: "manifest", name: `${name}@${digest}` },
  });
  if (!(await context.metadata.manifests.remove(registryId, name, digest, event))) {
    throw new RegistryError("manifest-unknown", { reference: digest });
  }
}
