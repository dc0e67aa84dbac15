import { SCOPE_ACTIONS, SCOPE_TYPES, scopeInput } from "@moorage/core/contract/scope";
import { z } from "zod";
import { CI, SHOP } from "./example.ts";
import {
  changedKeys,
  idInput,
  inputFailures,
  inputsObject,
  isEqual,
  resourceName,
} from "./inputs.ts";
import { type PropertyBag, type Resource, ResourceError } from "./resource.ts";

// The same sentence as the contract's, so that a wrong action is told once.
const ACTION = `an action must be one of ${SCOPE_ACTIONS.join(", ")}`;

/** What a program says of it. */
export const scopeInputs = inputsObject({
  resourceName,
  registryId: idInput("registryId").describe(
    "The token's registry. Another one makes another scope.",
  ),
  tokenId: idInput("tokenId").describe(
    "The token that the scope belongs to. Another one makes another scope.",
  ),
  type: z
    .enum(SCOPE_TYPES, `type must be one of ${SCOPE_TYPES.join(", ")}`)
    .default("repository")
    .describe(
      "`repository` (the default: a name or a pattern with `*`), `namespace` (all repositories below it) or `registry` (listing).",
    ),
  name: z
    .string("name must be a repository's name or a pattern with *, such as team/*")
    .describe("A repository's name or a pattern with `*`, such as `team/*`."),
  actions: z
    .array(z.enum(SCOPE_ACTIONS, ACTION), `actions must be a list of ${SCOPE_ACTIONS.join(", ")}`)
    .describe("Any of `pull`, `push`, `delete`, `list` and `*`. Push needs pull."),
});
const outputs = z.object({ scopeId: z.string().describe("The scope's id.") });

const REPLACING = ["registryId", "tokenId"];

/** One scope of one token, changed by calls that are atomic each: scopes never overwrite one another. */
export const scope: Resource = {
  type: "Scope",
  description:
    "One scope of one token. Scopes are added, changed and removed one by one and never overwrite one another, however many change at once. The token's own `scopes` must be left out.",
  example: {
    resources: {
      shop: SHOP,
      ci: CI,
      team: {
        type: "Scope",
        properties: {
          registryId: "${shop.registryId}",
          tokenId: "${ci.tokenId}",
          name: "team/*",
          actions: ["pull", "push"],
        },
      },
    },
    outputs: { scopeId: "${team.scopeId}" },
  },
  inputs: scopeInputs,
  outputs,
  isAutoNamed: false,
  importId: ["registryId", "tokenId", "scopeId"],
  replacing: REPLACING,
  secrets: [],

  describe: (properties) => `scope "${String(properties["resourceName"])}"`,

  check(request) {
    const { type = "repository", name, actions } = request.news;
    const rules = { ...request, news: { type, name, actions } };
    const failures = [...inputFailures(scopeInputs, request), ...inputFailures(scopeInput, rules)];
    const unique = new Map(failures.map((each) => [each.property + each.reason, each]));
    return { inputs: request.news, failures: [...unique.values()] };
  },

  async diff(_context, { state, news, unknown }) {
    const wanted = { ...news, type: news["type"] ?? "repository" };
    const replaces = changedKeys(REPLACING, state, wanted, unknown);
    const updates = changedKeys(["type", "name", "actions"], state, wanted, unknown, isSameField);
    return { changes: [...replaces, ...updates], replaces };
  },

  async create({ client }, bag) {
    const wanted = scopeInputs.parse(bag);
    const { type, name, actions } = wanted;
    const created = await client.scopes.create(wanted, { type, name, actions });
    return { id: created.id, state: { ...wanted, scopeId: created.id } };
  },

  async read({ client }, id, state) {
    const token = address.parse(state);
    const found = await client.scopes.get(token, id);
    if (found === undefined) return undefined;
    const { type, name, actions } = found.properties;
    return { id, state: { ...state, type, name, actions: actions ?? [], scopeId: id } };
  },

  async update({ client }, id, _state, bag) {
    const wanted = scopeInputs.parse(bag);
    const { type, name, actions } = wanted;
    await client.scopes.put(wanted, id, { type, name, actions });
    return { ...wanted, scopeId: id };
  },

  async delete({ client }, id, state) {
    const token = address.safeParse(state);
    if (!token.success) throw new ResourceError("its state names no registry and token");
    await client.scopes.delete(token.data, id);
  },
};

const address = z.object({ registryId: z.string(), tokenId: z.string() });

function isSameField(key: string, old: unknown, wanted: unknown): boolean {
  return key === "actions" ? isEqual(sorted(old), sorted(wanted)) : isEqual(old, wanted);
}

/** The order of actions means nothing. */
function sorted(actions: unknown): unknown {
  return Array.isArray(actions) ? actions.map(String).sort() : actions;
}

/** Whether two lists of scopes permit the same in the same order. */
export function isSameScopes(old: unknown, wanted: unknown): boolean {
  return isEqual(withSortedActions(old), withSortedActions(wanted));
}

function withSortedActions(scopes: unknown): unknown {
  if (!Array.isArray(scopes)) return scopes;
  return scopes.map((each: PropertyBag) => ({
    type: each["type"],
    name: each["name"],
    actions: sorted(each["actions"] ?? []),
  }));
}
