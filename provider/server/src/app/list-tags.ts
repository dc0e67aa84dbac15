import type { Principal } from "../domain/access.ts";
import { RegistryError } from "../domain/errors.ts";
import type { Tag } from "../domain/reference.ts";
import { admit, type Target } from "./admit.ts";
import type { Context } from "./context.ts";

/** One page of a list, and whether more follow. */
export interface Page<Entry> {
  readonly entries: readonly Entry[];
  readonly hasMore: boolean;
}

/** Entries that sort behind `after`, `limit` at most. */
export interface PageRequest {
  readonly after: string | undefined;
  readonly limit: number;
}

/**
 * Lists a repository's tags by their bytes (distribution-spec 1.1, "Listing Tags").
 * @throws RegistryError `repository-unknown`, and what `admit` throws
 */
export async function listTags(
  context: Pick<Context, "metadata">,
  principal: Principal,
  target: Target,
  { after, limit }: PageRequest,
): Promise<Page<Tag>> {
  const { registryId, repository } = await admit(context, principal, target, "pull");
  const { repositories } = context.metadata;
  const tags = await repositories.tags(registryId, repository, { after, limit: limit + 1 });
  if (tags.length === 0 && !(await repositories.exists(registryId, repository))) {
    throw new RegistryError("repository-unknown", { repository });
  }
  return { entries: tags.slice(0, limit), hasMore: tags.length > limit };
}
