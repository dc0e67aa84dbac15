import type { UserPrincipal } from "../domain/access.ts";
import { RegistryError } from "../domain/errors.ts";
import { expectPermission } from "./authorize.ts";
import type { Context } from "./context.ts";
import { reportOn } from "./get-registry.ts";
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
  const after = pageToken === "" ? undefined : readPageToken(context, principal, pageToken);
  const found = await context.metadata.registries.list(principal.organizationId, {
    nameContains: nameContains === "" ? undefined : nameContains,
    after,
    limit: limit + 1,
  });
  const shown = found.slice(0, limit);
  const last = found.length > limit ? shown.at(-1) : undefined;
  return {
    reports: await Promise.all(shown.map((registry) => reportOn(context, registry))),
    nextPageToken: last === undefined ? "" : writePageToken(context, principal, last.name),
  };
}

/** `<last name of the page>.<keyed hash>`: signed, so that clients keep to the tokens that they were given. */
function writePageToken(
  context: Pick<Context, "hasher">,
  principal: UserPrincipal,
  name: string,
): string {
  // No token's secret looks like this text, so that its hash is good for nothing else.
  const signed = `page-of-registries ${principal.organizationId} ${name}`;
  return `${name}.${context.hasher.hashTokenSecret(signed)}`;
}

function readPageToken(
  context: Pick<Context, "hasher">,
  principal: UserPrincipal,
  pageToken: string,
): string {
  const [name = ""] = pageToken.split(".", 1);
  if (pageToken !== writePageToken(context, principal, name)) {
    throw new RegistryError("page-invalid", {
      parameter: "pagination.token",
      expected: "the token of an earlier answer",
    });
  }
  return name;
}
