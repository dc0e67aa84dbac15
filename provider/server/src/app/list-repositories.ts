import type { UserPrincipal } from "../domain/access.ts";
import type { RegistryId } from "../domain/ids.ts";
import type { OrderedPage, RepositoryField } from "../ports/content-browser.ts";
import type { Context } from "./context.ts";
import { findRegistry } from "./find-registry.ts";
import type { RepositoryReport } from "./find-repository.ts";
import type { Page } from "./list-tags.ts";
import { expectSortable } from "./sorted-lists.ts";

export interface RepositoriesQuery extends OrderedPage<RepositoryField> {
  /** Text that the name must contain, without regard to case; empty: all. */
  readonly nameContains: string;
  /** Worst severity of the artifact that was pushed last; empty: all. */
  readonly severity: string;
}

/**
 * One page of a registry's repositories that hold a manifest.
 * @throws RegistryError `access-denied`, `registry-unknown`; `page-invalid` for an order that so many repositories are not sorted in
 */
export async function listRepositories(
  context: Pick<Context, "metadata">,
  principal: UserPrincipal,
  registryId: RegistryId,
  { nameContains, severity, ...page }: RepositoriesQuery,
): Promise<Page<RepositoryReport>> {
  await findRegistry(context, principal, registryId, "browse");
  // Nothing is scanned, so that every severity is unknown.
  if (severity !== "" && severity !== "unknown") {
    return { entries: [], hasMore: false };
  }
  const { content } = context.metadata;
  if (page.orderBy !== "lastPush" && page.orderBy !== "name") {
    await expectSortable("lastPush, -lastPush or name", (max) =>
      content.repositoryCount(registryId, max),
    );
  }
  const wanted = { ...page, limit: page.limit + 1 };
  const found = await content.repositories(registryId, wanted, nameContains);
  return { entries: found.slice(0, page.limit), hasMore: found.length > page.limit };
}
