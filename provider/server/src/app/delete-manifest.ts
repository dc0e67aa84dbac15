import type { Principal } from "../domain/access.ts";
import { RegistryError } from "../domain/errors.ts";
import { parseExistingReference } from "../domain/reference.ts";
import { admit, type Target } from "./admit.ts";
import { awaitWritable } from "./await-writable.ts";
import type { Context } from "./context.ts";

/**
 * Deletes a manifest by its digest, with all tags that point at it, or one tag (distribution-spec 1.1, "Deleting tags", "Deleting manifests").
 * @throws RegistryError `digest-invalid`, `manifest-unknown`, and what `admit` and `awaitWritable` throw
 */
export async function deleteManifest(
  context: Pick<Context, "metadata" | "clock" | "settings">,
  principal: Principal,
  target: Target,
  reference: string,
): Promise<void> {
  const { registry, registryId, repository } = await admit(context, principal, target, "delete");
  const { manifests } = context.metadata;
  const named = parseExistingReference(reference);
  await awaitWritable(context, registry);
  const isDeleted =
    named.kind === "tag"
      ? await manifests.removeTag(registryId, repository, named.tag)
      : await manifests.remove(registryId, repository, named.digest);
  if (!isDeleted) {
    throw new RegistryError("manifest-unknown", { reference });
  }
}
