import type { UserPrincipal } from "../domain/access.ts";
import type { CollectionRun } from "../domain/collection-run.ts";
import { RegistryError } from "../domain/errors.ts";
import type { RegistryId, RunId } from "../domain/ids.ts";
import { COLLECTION_RUNS_KEPT_MAX } from "../domain/limits.ts";
import type { Context } from "./context.ts";
import { findRegistry } from "./find-registry.ts";

/** @throws RegistryError `access-denied`, `registry-unknown`, `collection-unknown` */
export async function getCollection(
  context: Pick<Context, "metadata">,
  principal: UserPrincipal,
  registryId: RegistryId,
  id: RunId,
): Promise<CollectionRun> {
  await findRegistry(context, principal, registryId, "browse");
  const run = await context.metadata.collections.find(registryId, id);
  if (run === undefined) {
    throw new RegistryError("collection-unknown", { run: id });
  }
  return run;
}

/**
 * The runs of a registry that are kept, the latest first.
 * @throws RegistryError `access-denied`, `registry-unknown`
 */
export async function listCollections(
  context: Pick<Context, "metadata">,
  principal: UserPrincipal,
  registryId: RegistryId,
): Promise<readonly CollectionRun[]> {
  await findRegistry(context, principal, registryId, "browse");
  return context.metadata.collections.list(registryId, COLLECTION_RUNS_KEPT_MAX);
}
