import type { TokenPatchJson } from "@moorage/core/contract/token";
import { parseDuration } from "./duration.ts";
import { changedKeys, isEqual } from "./inputs.ts";
import type { Context, DiffRequest, PropertyBag } from "./resource.ts";
import { isSameScopes } from "./scope.ts";
import type { TokenInputs } from "./token-inputs.ts";
import { expiryAfter, graceSeconds, isExpired, isRotationDue } from "./token-rotation.ts";

/** In the state of a token that was imported and not changed since. Engines hide such keys. */
export const IMPORTED = "__imported";

const UPDATED = [
  "scopes",
  "expiryDate",
  "expiresIn",
  "rotateBefore",
  "rotation",
  "gracePeriod",
  "status",
  "oneTime",
  "description",
];

/**
 * Why a token needs a successor, as the properties that tell it; empty: it does not. `tokenId` among
 * them says that it is gone.
 */
export async function renewalsOf(
  { client, clock }: Context,
  { id, state, news, unknown }: DiffRequest,
): Promise<string[]> {
  const now = clock.now();
  if (isExpired(state["expiryDate"], now)) return ["tokenId"];
  const found = await client.tokens.get(String(state["registryId"]), id);
  if (found === undefined) return ["tokenId"];
  const window = unknown.has("rotateBefore") ? state["rotateBefore"] : news["rotateBefore"];
  // The server's date, not the one in state: somebody may have brought it forward.
  const { expiryDate } = found.properties;
  return [
    ...(isRotationDue(expiryDate, window, now) ? ["expiryDate"] : []),
    ...changedKeys(["triggers"], state, news, unknown),
  ];
}

/** Which settings differ that the server can change in place. */
export function updatesOf({ state, news, unknown }: Omit<DiffRequest, "id">): string[] {
  return changedKeys(UPDATED, state, news, unknown, (key, old, wanted) => {
    // A span counts from the token's creation: its date is no news.
    if (key === "expiryDate" && news["expiresIn"] !== undefined) return true;
    // Nobody took the scopes of an imported token out of a program: they may be Scope resources.
    if (key === "scopes" && wanted === undefined && state[IMPORTED] === true) return true;
    return isSameField(key, old, wanted);
  });
}

function isSameField(key: string, old: unknown, wanted: unknown): boolean {
  switch (key) {
    case "scopes":
      return isSameScopes(old, wanted);
    case "expiryDate":
      return momentOf(old) === momentOf(wanted);
    case "gracePeriod":
      return graceSeconds(old) === graceSeconds(wanted);
    case "expiresIn":
    case "rotateBefore":
      return spanOf(old) === spanOf(wanted);
    default:
      return isEqual(old ?? DEFAULTS[key], wanted ?? DEFAULTS[key]);
  }
}

const DEFAULTS: PropertyBag = { status: "enabled", oneTime: false, description: "" };

function momentOf(date: unknown): number | undefined {
  return typeof date === "string" ? Date.parse(date) : undefined;
}

function spanOf(text: unknown): number | undefined {
  return typeof text === "string" ? parseDuration(text) : undefined;
}

/** What to send for an update: only what differs, so that what Scope resources add stays. */
export function patchOf(
  now: Date,
  state: PropertyBag,
  wanted: TokenInputs,
  isRotated: boolean,
): TokenPatchJson {
  const changed = new Set(updatesOf({ state, news: wanted, unknown: new Set() }));
  const isRenewed = wanted.expiresIn !== undefined && (isRotated || changed.has("expiresIn"));
  const expiryDate = isRenewed
    ? expiryAfter(now, wanted.expiresIn ?? "")
    : (wanted.expiryDate ?? null);
  return {
    ...((isRenewed || changed.has("expiryDate")) && { expiryDate }),
    // Scopes that the program no longer mentions are taken away, once.
    ...(changed.has("scopes") && { scopes: wanted.scopes ?? [] }),
    ...(changed.has("status") && { status: wanted.status }),
    ...(changed.has("oneTime") && { oneTime: wanted.oneTime }),
    ...(changed.has("description") && { description: wanted.description }),
  };
}
