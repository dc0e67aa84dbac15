import {
  type Decision,
  decideOnCatalog,
  decideOnRepository,
  type Principal,
} from "../domain/access.ts";
import { type AtOnce, goOn } from "../domain/at-once.ts";
import { RegistryError } from "../domain/errors.ts";
import type { RegistryId } from "../domain/ids.ts";
import type { Registry } from "../domain/registry.ts";
import { parseRepositoryName, type RepositoryName } from "../domain/repository-name.ts";
import type { Action } from "../domain/scope.ts";
import { expectAdmittedAddress } from "./allow-list.ts";
import type { Context } from "./context.ts";
import { RefusalTrace } from "./refusal-trace.ts";

/** A repository as a request names it: neither is known to exist. */
export interface Target {
  readonly registry: string;
  readonly repository: string;
}

/** A repository that the caller may do what it asked to; the registry exists, the repository need not. */
export interface Admitted {
  readonly registry: Registry;
  readonly registryId: RegistryId;
  readonly repository: RepositoryName;
}

/**
 * The gate of the data plane: every use case passes through it first, at once where the registry is known.
 * @throws RegistryError `repository-name-invalid`, `credentials-missing`, `credentials-insufficient`, `access-denied`, `address-refused`,
 *   `too-many-requests`; `registry-unknown` for what does not exist and, alike, for what the caller must not know to exist
 */
export function admit(
  context: Pick<Context, "metadata">,
  principal: Principal,
  target: Target,
  action: Action,
): AtOnce<Admitted> {
  const repository = parseRepositoryName(target.repository);
  return goOn(context.metadata.registries.findByName(target.registry), (registry) => {
    const decision = decideOnRepository(principal, registry, repository, action);
    refuseOutsider(decision, principal, registry);
    if (decision !== "granted") {
      refuse(decision, target.registry, registry, action, `repository ${repository}`);
    }
    countVisit(principal);
    return granted(registry, repository);
  });
}

/** The same for listing the repositories of one registry. */
export async function admitToCatalog(
  context: Pick<Context, "metadata">,
  principal: Principal,
  registryName: string,
): Promise<Registry> {
  const registry = await context.metadata.registries.findByName(registryName);
  const decision = decideOnCatalog(principal, registry);
  refuseOutsider(decision, principal, registry);
  if (decision !== "granted") {
    refuse(decision, registryName, registry, "list", `registry ${registryName}`);
  }
  countVisit(principal);
  return granted(registry, undefined).registry;
}

/** Before any other word about the registry, but only to callers who may see it: to the others an allow-list changes nothing. */
function refuseOutsider(
  decision: Decision,
  { address }: Principal,
  registry: Registry | undefined,
): void {
  const isSeen = decision !== "unauthenticated" && decision !== "invisible";
  if (isSeen && registry !== undefined) {
    expectAdmittedAddress(registry, address);
  }
}

function refuse(
  decision: Exclude<Decision, "granted">,
  name: string,
  registry: Registry | undefined,
  action: Action,
  resource: string,
): never {
  switch (decision) {
    case "unauthenticated":
      throw new RegistryError("credentials-missing", {});
    case "insufficient":
      throw new RegistryError("credentials-insufficient", {});
    case "denied":
      throw new RegistryError(
        "access-denied",
        { action, resource },
        { cause: new RefusalTrace({ registry }) },
      );
    case "invisible":
      throw new RegistryError("registry-unknown", { registry: name });
    default:
      return decision satisfies never;
  }
}

/** Who has no credentials is served so often; the refusals above are free, because clients begin with them. */
export function countVisit(principal: Principal): void {
  if (principal.kind === "anonymous") {
    principal.countVisit?.();
  }
}

function granted<Name>(registry: Registry | undefined, repository: Name) {
  if (registry === undefined) {
    throw new Error("access was granted to a registry that does not exist");
  }
  return { registry, registryId: registry.id, repository };
}
