// Names of types for languages in which a type must have one.
import { VISIBILITIES } from "@moorage/core/contract/registry";
import { WEEKDAYS } from "@moorage/core/contract/schedule";
import { SCOPE_ACTIONS, SCOPE_TYPES } from "@moorage/core/contract/scope";
import { TOKEN_STATUSES } from "@moorage/core/contract/token";
import { ROLES } from "@moorage/core/contract/user";
import { scope } from "./scope.ts";
import { ROTATIONS } from "./token-rotation.ts";

/** Lists of words that a property can be one of. */
export const WORDS = [
  { name: "Visibility", values: VISIBILITIES, description: "Who may pull without credentials." },
  { name: "TokenStatus", values: TOKEN_STATUSES, description: "Whether a token is accepted." },
  {
    name: "TokenRotation",
    values: ROTATIONS,
    description: "How a token is rotated: by another token, or by another secret.",
  },
  { name: "ScopeType", values: SCOPE_TYPES, description: "What a scope is about." },
  {
    name: "ScopeAction",
    values: SCOPE_ACTIONS,
    description:
      "What a scope permits; `read`, `write` and `admin` are other words for `pull`, `push` and `delete`.",
  },
  { name: "Role", values: ROLES, description: "What a user may do in the organization." },
  { name: "Weekday", values: WEEKDAYS, description: "A day of the week." },
] as const;

/** Objects within properties; `described` has the descriptions of their keys. */
export const OBJECTS = [
  {
    name: "TokenScope",
    keys: ["type", "name", "actions"],
    description: "One line of what a token may do.",
    described: scope.inputs,
  },
] as const;
