import type { UserPrincipal } from "../domain/access.ts";
import { expectPermission } from "./authorize.ts";
import type { Context } from "./context.ts";
import { reportOn } from "./get-registry.ts";
import { keysetPageOf, readPageToken } from "./page-token.ts";
import type { RegistryReport } from "./registry-draft.ts";

export interface RegistriesQuery {
  /** Text that the name must contain, without regard to case; empty: all. */
  readonly nameContains: string;
  readonly limit: number;
  /** From an earlier answer; empty: the first page. */
  readonly pageToken: string;
}

export interface RegistriesPage {
  readonly reports: readonly RegistryReport[];
  /** Asks for the page behind this one; empty: there is none. */
  readonly nextPageToken: string;
}

/**
 * One page of the organization's registries, by name.
 * @throws RegistryError `access-denied`; `page-invalid` for a page token that was not issued to this organization
 */
export async function listRegistries(
  context: Pick<Context, "metadata" | "hasher" | "clock">,
  principal: UserPrincipal,
  query: RegistriesQuery,
): Promise<RegistriesPage> {
  expectPermission(principal, "browse", "registries");
  const { nameContains, limit, pageToken } = query;
  const list = `registries ${principal.organizationId}`;
  const after = readPageToken(context, list, pageToken);
  const found = await context.metadata.registries.list(principal.organizationId, {
    nameContains: nameContains === "" ? undefined : nameContains,
    after,
    limit: limit + 1,
  });
  const page = keysetPageOf(context, list, found, limit, ({ name }) => name);
  return {
    reports: await Promise.all(page.entries.map((registry) => reportOn(context, registry))),
    nextPageToken: page.nextPageToken,
  };
}
