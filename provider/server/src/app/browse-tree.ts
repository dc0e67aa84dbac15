import type { UserPrincipal } from "../domain/access.ts";
import type { RegistryId } from "../domain/ids.ts";
import type { TreeNode } from "../ports/content-browser.ts";
import type { Context } from "./context.ts";
import { findRegistry } from "./find-registry.ts";
import { type KeysetPageOf, keysetPageOf, readPageToken } from "./page-token.ts";

/** What one step of the tree shows. */
export type TreeStep = TreeNode;

/**
 * One page of what lies one step below a folder of a registry: `folder` is empty, or ends with a slash. A folder that is not there is empty.
 * @throws RegistryError `access-denied`, `registry-unknown`, `page-invalid`
 */
export async function browseTree(
  context: Pick<Context, "metadata" | "hasher">,
  principal: UserPrincipal,
  registryId: RegistryId,
  {
    folder,
    limit,
    pageToken,
  }: { readonly folder: string; readonly limit: number; readonly pageToken: string },
): Promise<KeysetPageOf<TreeStep>> {
  await findRegistry(context, principal, registryId, "browse");
  const list = `tree ${registryId} ${folder}`;
  const after = readPageToken(context, list, pageToken);
  const { content } = context.metadata;
  const found = await content.tree(registryId, folder, { after, limit: limit + 1 });
  return keysetPageOf(context, list, found, limit, ({ path }) => path);
}
