import { z } from "zod";
import { identifier } from "./identifier.ts";
import { known } from "./known-words.ts";
import { SCOPE_ACTIONS_MAX, SCOPE_NAME_CHARACTERS_MAX, SCOPES_MAX } from "./limits.ts";
import { requestObject, wrapped } from "./request-object.ts";
import { sentWhole } from "./sent-whole.ts";

/** What a scope can be about: repositories by pattern, the registry's listing, or a namespace. */
export const SCOPE_TYPES = ["repository", "registry", "namespace"] as const;
export type ScopeType = (typeof SCOPE_TYPES)[number];

/** What a scope can permit; `read`, `write` and `admin` are other words for pull, push and delete. */
export const SCOPE_ACTIONS = [
  "pull",
  "push",
  "delete",
  "list",
  "*",
  "read",
  "write",
  "admin",
] as const;
export type ScopeAction = (typeof SCOPE_ACTIONS)[number];
/** The words that permission is decided by. */
export type CanonicalAction = "pull" | "push" | "delete" | "list";

/** Which canonical actions a word of {@link SCOPE_ACTIONS} permits (extensions, "token's scope actions"). */
export const PERMITTED_BY: Readonly<Record<ScopeAction, readonly CanonicalAction[]>> = {
  pull: ["pull"],
  push: ["push"],
  delete: ["delete"],
  list: ["list"],
  "*": ["pull", "push", "delete", "list"],
  read: ["pull"],
  write: ["push"],
  admin: ["delete"],
};

const TYPE = `type must be one of ${SCOPE_TYPES.join(", ")}`;
const NAME = `name must be a repository's name or a pattern with *, of at most ${SCOPE_NAME_CHARACTERS_MAX} characters, such as team/* or *`;
const ACTION = `an action must be one of ${SCOPE_ACTIONS.join(", ")}`;
const ACTIONS = `actions must be a list of ${SCOPE_ACTIONS.join(", ")}, each at most once`;
const SCOPES = `scopes must be a list of at most ${SCOPES_MAX} objects with type, name and actions`;

const fields = {
  type: z.enum(SCOPE_TYPES, TYPE),
  // Upper case can match no repository, but the Terraform provider's documentation names a scope so.
  name: z
    .string(NAME)
    .max(SCOPE_NAME_CHARACTERS_MAX, { error: NAME, abort: true })
    .regex(/^[A-Za-z0-9*][A-Za-z0-9._/*-]*$/, NAME),
  // The contract lets actions be null: a scope that permits nothing.
  actions: z
    .array(z.enum(SCOPE_ACTIONS, ACTION), ACTIONS)
    .max(SCOPE_ACTIONS_MAX, { error: ACTIONS, abort: true })
    .refine((actions) => new Set(actions).size === actions.length, ACTIONS)
    .nullable(),
};

/**
 * One scope of a request (contract, section 2, "Token"; extensions). An `id` that an answer showed may
 * be sent back; it is not used.
 */
export const scopeInput = requestObject(
  "a scope",
  { ...fields, id: z.string("id must be the text that an answer showed").optional() },
  ["id"],
)
  .refine((scope) => !pushesWithoutPull(scope.actions), {
    error: "a scope that permits push must permit pull too, because a push reads what is there",
    path: ["actions"],
    params: { errorCode: "push-needs-pull" },
  })
  .transform(({ type, name, actions }) => ({ type, name, actions }));
export type ScopeInput = z.output<typeof scopeInput>;
/** A scope as it is sent. */
export type ScopeInputJson = z.input<typeof scopeInput>;

/** The scopes of a request; order is kept. */
export const scopesInput = z
  .array(scopeInput, SCOPES)
  .max(SCOPES_MAX, { error: SCOPES, abort: true });

/** Body of POST and PUT of the scopes sub-resource (extensions, "Added paths"). */
export const scopeRequest = wrapped(scopeInput);

/** A scope of an answer. Words that this version does not know are read as they are. */
export const scope = sentWhole(
  z.object({
    id: z.string().optional(),
    type: known(...SCOPE_TYPES),
    name: z.string(),
    actions: z.array(known(...SCOPE_ACTIONS)).nullable(),
  }),
);
export type Scope = z.output<typeof scope>;

/** Answer of the scopes sub-resource for one scope (extensions). */
export const scopeResponse = sentWhole(
  z.object({
    id: identifier,
    type: z.literal("scope"),
    href: z.string().optional(),
    properties: z.object({
      type: known(...SCOPE_TYPES),
      name: z.string(),
      actions: z.array(known(...SCOPE_ACTIONS)).nullable(),
    }),
  }),
);
export type ScopeResponse = z.output<typeof scopeResponse>;

/** Answer of GET …/scopes: all scopes of the token, in order. */
export const scopesResponse = sentWhole(
  z.object({
    id: known("scopes"),
    type: known("collection"),
    href: z.string().optional(),
    items: z.array(scopeResponse),
  }),
);
export type ScopesResponse = z.output<typeof scopesResponse>;

/** What the listed actions permit together. */
export function permittedActions(actions: readonly ScopeAction[] | null): Set<CanonicalAction> {
  return new Set((actions ?? []).flatMap((action) => PERMITTED_BY[action]));
}

/** Whether push is permitted where pull is not (extensions: refused as `push-needs-pull`). */
export function pushesWithoutPull(actions: readonly ScopeAction[] | null): boolean {
  const permitted = permittedActions(actions);
  return permitted.has("push") && !permitted.has("pull");
}
