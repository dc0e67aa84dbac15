import { ROLES, type User, type UserPatchJson, userInput } from "@moorage/core/contract/user";
import { z } from "zod";
import { changedKeys, inputFailures, inputsObject, isEqual, resourceName } from "./inputs.ts";
import type { PropertyBag, Resource } from "./resource.ts";

const ROLE = `role must be one of ${ROLES.join(", ")}`;

/** What a program says of it. */
export const userInputs = inputsObject({
  resourceName,
  email: z
    .string("email must be an e-mail address")
    .describe(
      "The address to sign in with. Another address makes another user; capitals make no other address.",
    ),
  role: z
    .enum(ROLES, ROLE)
    .describe("`owner`, `admin`, `developer` or `reader`: what the user may do."),
  displayName: z
    .string("displayName must be text")
    .default("")
    .describe("How people call the user; empty by default."),
  password: z
    .string("password must be text")
    .optional()
    .describe(
      "The password to sign in with; secret. Left out, the server generates one, which is kept in state, encrypted. What somebody else made of it cannot be read.",
    ),
});
/** What it has besides. */
export const userOutputs = z.object({ userId: z.string().describe("The user's id.") });
type Inputs = z.output<typeof userInputs>;

const REPLACING = ["email"];

/** One person of the organization, for a provider that is configured as an owner or admin. */
export const user: Resource = {
  type: "User",
  description:
    "A person of the organization, or a machine that calls the management API. For owners and admins.",
  example: {
    resources: {
      ops: { type: "User", properties: { email: "ops@example.com", role: "developer" } },
    },
    outputs: { password: "${ops.password}" },
  },
  inputs: userInputs,
  outputs: userOutputs,
  isAutoNamed: false,
  importId: ["userId"],
  replacing: REPLACING,
  secrets: ["password"],
  generated: ["password"],

  describe: (properties) => `user "${String(properties["resourceName"])}"`,

  check(request) {
    const { resourceName: _, ...rules } = request.news;
    const failures = [
      ...inputFailures(userInputs, request),
      ...inputFailures(userInput, { ...request, news: rules }),
    ];
    const unique = new Map(failures.map((each) => [each.property, each]));
    return { inputs: request.news, failures: [...unique.values()] };
  },

  async diff(_context, { state, news, unknown }) {
    const replaces = changedKeys(REPLACING, state, news, unknown, isSameField);
    const updates = changedKeys(UPDATED, state, news, unknown, isSameField);
    return { changes: [...replaces, ...updates], replaces };
  },

  async create({ client }, bag) {
    const wanted = userInputs.parse(bag);
    const { email, role, displayName, password } = wanted;
    const given = { email, role, displayName, ...(password !== undefined && { password }) };
    const created = await client.users.create(given);
    return { id: created.id, state: stateOf(wanted, created) };
  },

  async read({ client }, id, state) {
    const found = await client.users.get(id);
    return found === undefined ? undefined : { id, state: stateOf(state, found) };
  },

  async update({ client }, id, state, bag) {
    const wanted = userInputs.parse(bag);
    const patched = await client.users.patch(id, changesOf(state, wanted));
    return stateOf({ ...wanted, password: wanted.password ?? state["password"] }, patched);
  },

  async delete({ client }, id) {
    await client.users.delete(id);
  },
};

const UPDATED = ["role", "displayName", "password"];

function isSameField(key: string, old: unknown, wanted: unknown): boolean {
  switch (key) {
    case "email":
      return addressOf(old) === addressOf(wanted);
    case "password":
      // One that is left out stays as it is.
      return wanted === undefined || old === wanted;
    case "displayName":
      return (old ?? "") === (wanted ?? "");
    default:
      return isEqual(old, wanted);
  }
}

/** As the server tells addresses apart. */
export function addressOf(email: unknown): string {
  return String(email).normalize("NFC").toLowerCase();
}

function changesOf(state: PropertyBag, wanted: Inputs): UserPatchJson {
  const changed = new Set(changedKeys(UPDATED, state, wanted, new Set(), isSameField));
  return {
    ...(changed.has("role") && { role: wanted.role }),
    ...(changed.has("displayName") && { displayName: wanted.displayName }),
    ...(changed.has("password") && { password: wanted.password }),
  };
}

/** What is asked for, overlaid with what the server says. Only a generated password stands in an answer. */
function stateOf(known: PropertyBag, { id, properties }: User): PropertyBag {
  const isSameAddress = addressOf(known["email"]) === addressOf(properties.email);
  return {
    ...known,
    email: isSameAddress ? known["email"] : properties.email,
    role: properties.role,
    displayName: properties.displayName ?? "",
    password: properties.password ?? known["password"] ?? "",
    userId: id,
  };
}
