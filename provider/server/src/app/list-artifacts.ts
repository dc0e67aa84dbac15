import type { UserPrincipal } from "../domain/access.ts";
import type { RegistryId } from "../domain/ids.ts";
import type { ArtifactField, OrderedPage } from "../ports/content-browser.ts";
import type { Context } from "./context.ts";
import { findRegistry } from "./find-registry.ts";
import { type ArtifactReport, findRepository, type RepositoryAddress } from "./find-repository.ts";
import type { Page } from "./list-tags.ts";
import { expectSortable } from "./sorted-lists.ts";

/** What scanning would order by. Nothing is scanned, so that all are equal in it, and the list keeps its default order. */
export type ScanField =
  | "lastScan"
  | "vulnMaxSeverity"
  | "vulnTotalScore"
  | "vulnTotalCount"
  | "vulnFixableCount";

export type ArtifactsQuery = OrderedPage<ArtifactField | ScanField>;

export interface RegistryArtifactsQuery extends ArtifactsQuery {
  /** A vulnerability that the artifacts must have; empty: all. */
  readonly vulnerability: string;
}

/**
 * One page of the artifacts of a registry, over all of its repositories.
 * @throws RegistryError `access-denied`, `registry-unknown`; `page-invalid` for an order that so many artifacts are not sorted in
 */
export async function listRegistryArtifacts(
  context: Pick<Context, "metadata">,
  principal: UserPrincipal,
  registryId: RegistryId,
  { vulnerability, ...query }: RegistryArtifactsQuery,
): Promise<Page<ArtifactReport>> {
  await findRegistry(context, principal, registryId, "browse");
  if (vulnerability !== "") {
    return { entries: [], hasMore: false };
  }
  const { content } = context.metadata;
  const page = knownOrder(query, "pullCount");
  if (page.orderBy !== "pullCount") {
    await expectSortable("pullCount or -pullCount", (max) =>
      content.artifactCount(registryId, undefined, max),
    );
  }
  return pageOf(await content.artifacts(registryId, oneMore(page)), page.limit);
}

/**
 * One page of the artifacts of a repository.
 * @throws RegistryError `page-invalid` as above, and what `findRepository` throws
 */
export async function listRepositoryArtifacts(
  context: Pick<Context, "metadata">,
  principal: UserPrincipal,
  address: RepositoryAddress,
  query: ArtifactsQuery,
): Promise<Page<ArtifactReport>> {
  const { name } = await findRepository(context, principal, address);
  const { registryId } = address;
  const { content } = context.metadata;
  const page = knownOrder(query, "lastPush");
  if (page.orderBy !== "lastPush") {
    await expectSortable("lastPush or -lastPush", (max) =>
      content.artifactCount(registryId, name, max),
    );
  }
  return pageOf(await content.artifactsOf(registryId, name, oneMore(page)), page.limit);
}

function knownOrder(
  { orderBy, ...page }: ArtifactsQuery,
  otherwise: ArtifactField,
): OrderedPage<ArtifactField> {
  switch (orderBy) {
    case "lastPush":
    case "lastPull":
    case "pullCount":
    case "pushCount":
      return { ...page, orderBy };
    case "lastScan":
    case "vulnMaxSeverity":
    case "vulnTotalScore":
    case "vulnTotalCount":
    case "vulnFixableCount":
      return { ...page, orderBy: otherwise, isDescending: true };
    default:
      return orderBy satisfies never;
  }
}

function oneMore(page: OrderedPage<ArtifactField>): OrderedPage<ArtifactField> {
  return { ...page, limit: page.limit + 1 };
}

function pageOf(found: readonly ArtifactReport[], limit: number): Page<ArtifactReport> {
  return { entries: found.slice(0, limit), hasMore: found.length > limit };
}
