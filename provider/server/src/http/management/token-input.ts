import type { TokenInput, TokenPatch } from "@moorage/core/contract/token";
import type { TokenChange } from "../../app/change-token.ts";
import type { TokenDraft } from "../../app/token-draft.ts";
import type { Instant } from "../../domain/ids.ts";
import { scopeDraftOf } from "./scope-view.ts";

/** `properties` of POST and PUT in the registry's own words. */
export function tokenDraftOf(input: TokenInput): TokenDraft {
  return {
    name: input.name,
    description: input.description === "" ? undefined : input.description,
    status: input.status,
    expiresAt: instantOf(input.expiryDate) ?? undefined,
    isOneTime: input.oneTime,
    scopes: input.scopes.map(scopeDraftOf),
  };
}

/** The body of PATCH in the registry's own words; what it leaves out stays out, null removes. */
export function tokenChangeOf(patch: TokenPatch): TokenChange {
  const { expiryDate, scopes, status, oneTime, description } = patch;
  return {
    ...(expiryDate !== undefined && { expiresAt: instantOf(expiryDate) }),
    ...(scopes !== undefined && { scopes: (scopes ?? []).map(scopeDraftOf) }),
    ...(status !== undefined && { status }),
    ...(oneTime !== undefined && { isOneTime: oneTime }),
    ...(description !== undefined && { description: description === "" ? null : description }),
  };
}

function instantOf(timestamp: string | null): Instant | null {
  return timestamp === null ? null : Date.parse(timestamp);
}
