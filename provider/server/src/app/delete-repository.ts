import type { UserPrincipal } from "../domain/access.ts";
import { RegistryError } from "../domain/errors.ts";
import { parseRepositoryName } from "../domain/repository-name.ts";
import { auditEvent } from "./audit-event.ts";
import { awaitWritable } from "./await-writable.ts";
import type { Context } from "./context.ts";
import { findRegistry } from "./find-registry.ts";
import type { RepositoryAddress } from "./find-repository.ts";

/**
 * Deletes a repository with its tags and manifests. Blobs that nothing needs any more go with the next garbage collection.
 * @throws RegistryError `repository-name-invalid`, `access-denied`, `registry-unknown`, `repository-unknown`, and what `awaitWritable` throws
 */
export async function deleteRepository(
  context: Pick<Context, "metadata" | "clock" | "ids" | "settings">,
  principal: UserPrincipal,
  { registryId, repository }: RepositoryAddress,
): Promise<void> {
  const name = parseRepositoryName(repository);
  const registry = await findRegistry(context, principal, registryId, "delete-content");
  await awaitWritable(context, registry);
  const event = auditEvent(context, principal, {
    action: "content.delete",
    registry,
    resource: { type: "repository", name },
  });
  if (!(await context.metadata.repositories.remove(registryId, name, event))) {
    throw new RegistryError("repository-unknown", { repository });
  }
}
