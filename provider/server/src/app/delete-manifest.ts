import type { Principal } from "../domain/access.ts";
import { RegistryError } from "../domain/errors.ts";
import { parseExistingReference } from "../domain/reference.ts";
import { admit, type Target } from "./admit.ts";
import type { Context } from "./context.ts";

/**
 * Deletes a manifest by its digest, with all tags that point at it, or one tag (distribution-spec 1.1, "Deleting tags", "Deleting manifests").
 * @throws RegistryError `digest-invalid`, `manifest-unknown`, and what `admit` throws
 */
export async function deleteManifest(
  context: Pick<Context, "metadata">,
  principal: Principal,
  target: Target,
  reference: string,
): Promise<void> {
  const { registryId, repository } = await admit(context, principal, target, "delete");
  const { manifests } = context.metadata;
  const named = parseExistingReference(reference);
  const isDeleted =
    named.kind === "tag"
      ? await manifests.removeTag(registryId, repository, named.tag)
      : await manifests.remove(registryId, repository, named.digest);
  if (!isDeleted) {
    throw new RegistryError("manifest-unknown", { reference });
  }
}
