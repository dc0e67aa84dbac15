import { decideOnRepository, type GrantedAccess, type Principal } from "../domain/access.ts";
import { RegistryError } from "../domain/errors.ts";
import type { Identity } from "../domain/identity.ts";
import type { Instant } from "../domain/ids.ts";
import { BEARER_LIFETIME_SECONDS } from "../domain/limits.ts";
import { isRepositoryName } from "../domain/repository-name.ts";
import { ACTIONS, type Action } from "../domain/scope.ts";
import type { Target } from "./admit.ts";
import { admitsAddress } from "./allow-list.ts";
import { subjectOf } from "./authenticate.ts";
import type { Context } from "./context.ts";

/** What a client asks a bearer token for. Actions that the registry does not know are passed over. */
export type RequestedAccess =
  | { readonly kind: "repository"; readonly target: Target; readonly actions: readonly string[] }
  | { readonly kind: "catalog" };

export interface IssuedBearer {
  readonly bearer: string;
  readonly issuedAt: number;
  readonly lifetimeSeconds: number;
}

/**
 * Issues a bearer token for those of the requested accesses that the caller has now (Docker token authentication). What it may not have
 * is left out without a word, as the protocol wants: the refusal comes with the request that needs it. Nothing is issued for a bearer token
 * of ours: it would be widened, and live for ever.
 * @throws RegistryError `access-denied`
 */
export async function issueBearer(
  context: Pick<Context, "metadata" | "signer" | "clock">,
  principal: Principal,
  requested: readonly RequestedAccess[],
): Promise<IssuedBearer> {
  if (principal.grant !== undefined) {
    throw new RegistryError("access-denied", {
      action: "requests",
      resource: "the token endpoint; present what the bearer token was issued for",
    });
  }
  const grant: GrantedAccess[] = [];
  for (const access of requested) {
    const granted = await grantOf(context, principal, access);
    if (granted !== undefined) {
      grant.push(granted);
    }
  }
  const issuedAt = context.clock.now();
  const identity = "identity" in principal ? principal.identity : undefined;
  const credentialsMark = "credentialsMark" in principal ? principal.credentialsMark : undefined;
  const lifetimeSeconds = lifetimeFor(identity, issuedAt);
  const bearer = await context.signer.sign(
    { subject: subjectOf(principal), grant, identity, credentialsMark },
    lifetimeSeconds,
  );
  return { bearer, issuedAt, lifetimeSeconds };
}

/** What is issued for an identity provider's JWT does not outlive it. */
function lifetimeFor(identity: Identity | undefined, now: Instant): number {
  const secondsLeft = identity && Math.ceil((identity.expiresAt - now) / 1000);
  return Math.min(BEARER_LIFETIME_SECONDS, secondsLeft ?? BEARER_LIFETIME_SECONDS);
}

async function grantOf(
  context: Pick<Context, "metadata">,
  principal: Principal,
  access: RequestedAccess,
): Promise<GrantedAccess | undefined> {
  if (access.kind === "catalog") {
    // Whether the caller may list at all is asked again for each registry that it lists.
    return { registryId: "any", actions: ["list"] };
  }
  const { repository } = access.target;
  if (!isRepositoryName(repository)) {
    return undefined;
  }
  const registry = await context.metadata.registries.findByName(access.target.registry);
  if (registry === undefined || !admitsAddress(registry, principal.address)) {
    return undefined;
  }
  const actions = requestedActions(access.actions).filter(
    (action) => decideOnRepository(principal, registry, repository, action) === "granted",
  );
  return actions.length === 0 ? undefined : { registryId: registry.id, repository, actions };
}

function requestedActions(names: readonly string[]): readonly Action[] {
  return names.includes("*") ? ACTIONS : ACTIONS.filter((action) => names.includes(action));
}
