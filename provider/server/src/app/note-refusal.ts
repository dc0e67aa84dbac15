import type { Principal } from "../domain/access.ts";
import type { AuditAction, AuditEvent, AuditResource, RequestOrigin } from "../domain/audit.ts";
import { isRefusal, type RegistryError } from "../domain/errors.ts";
import type { AuditEventId } from "../domain/ids.ts";
import { actorOf } from "./audit-event.ts";
import type { Context } from "./context.ts";
import { RefusalTrace } from "./refusal-trace.ts";

type Noted = Pick<AuditEvent, "action" | "actor" | "reason"> &
  Partial<Pick<AuditEvent, "organizationId" | "registry" | "resource">>;

/**
 * Notes a refusal that the audit log tells of: a sign-in that failed, a token that may not be used or not for this, a person who may not.
 * Of requests that come without credentials, or with a bearer token of ours that has ended, it takes no note: that is how clients of
 * registries find out where to sign in.
 */
export function noteRefusal(
  { refusals, ids, clock }: Pick<Context, "refusals" | "ids" | "clock">,
  principal: Principal | undefined,
  origin: RequestOrigin,
  error: RegistryError,
): void {
  const noted = toBeNoted(principal, error);
  if (noted === undefined) {
    return;
  }
  refusals.note({
    id: ids.uuid<AuditEventId>(),
    organizationId: undefined,
    registry: undefined,
    resource: undefined,
    ...noted,
    at: clock.now(),
    outcome: "refused",
    changes: [],
    origin,
    count: 1,
  });
}

function toBeNoted(principal: Principal | undefined, error: RegistryError): Noted | undefined {
  if (
    isRefusal(error, "credentials-invalid") ||
    isRefusal(error, "current-password-wrong") ||
    isRefusal(error, "identity-without-role")
  ) {
    return failedSignIn(error, "sign-in.fail");
  }
  if (isRefusal(error, "sign-in-slowed") || isRefusal(error, "too-many-requests")) {
    return failedSignIn(error, "sign-in.slow");
  }
  if (principal === undefined || principal.kind === "anonymous") {
    return undefined;
  }
  const { organizationId } = principal;
  const actor = actorOf(principal);
  if (isRefusal(error, "access-denied")) {
    const { action, resource } = error.detail;
    return {
      action: principal.kind === "user" ? "access.refuse" : "token.refuse",
      organizationId,
      actor,
      reason: error.reason,
      registry: traceOf(error)?.registry ?? registryOf(principal),
      resource: asked(`${action} on ${resource}`),
    };
  }
  if (isRefusal(error, "address-refused")) {
    return {
      action: principal.kind === "user" ? "access.refuse" : "token.refuse",
      organizationId,
      actor,
      reason: error.reason,
      registry: registryOf(principal),
      resource: asked(`registry ${error.detail.registry}`),
    };
  }
  // A robot that tries another registry. A person who does has mistyped a name.
  if (isRefusal(error, "registry-unknown") && principal.kind !== "user") {
    return {
      action: "token.refuse",
      organizationId,
      actor,
      reason: error.reason,
      registry: registryOf(principal),
      resource: asked(`registry ${error.detail.registry}`),
    };
  }
  return undefined;
}

function failedSignIn(error: RegistryError, failed: AuditAction): Noted | undefined {
  const trace = traceOf(error);
  if (trace?.actor === undefined) {
    return undefined;
  }
  const { actor, organizationId, registry, why } = trace;
  return {
    // The secret was right: somebody has it, and may not use it.
    action: actor.kind === "token" ? "token.refuse" : failed,
    actor,
    organizationId,
    registry,
    reason: failed === "sign-in.fail" ? (why ?? error.reason) : error.reason,
  };
}

function traceOf({ cause }: RegistryError): RefusalTrace | undefined {
  return cause instanceof RefusalTrace ? cause : undefined;
}

function registryOf(principal: Principal) {
  return principal.kind === "token" ? { id: principal.registryId } : undefined;
}

function asked(name: string): AuditResource {
  return { type: "request", name };
}
