import { randomBytes } from "node:crypto";
import { z } from "zod";
import { inputFailures, inputsObject, resourceName } from "./inputs.ts";
import { type Resource, ResourceError } from "./resource.ts";

const KEY_BYTES = 32;
const PASSWORD_BYTES = 24;

const inputs = inputsObject({ resourceName });

/** What a server needs to start with. It is made before there is a server, so none is asked. */
export const generatedKeys: Resource = {
  type: "GeneratedKeys",
  description:
    "What a server needs to start with: a master key and the first owner's password, made once and kept in state, encrypted. No server is asked, so the provider needs no settings for it. Deleted, the keys are gone: whoever stores something under them protects the resource.",
  example: {
    resources: { keys: { type: "GeneratedKeys", properties: {} } },
    outputs: { password: "${keys.ownerPassword}" },
  },
  inputs,
  outputs: z.object({
    masterKey: z
      .string()
      .describe("32 random bytes in base64, which open everything that the server stores; secret."),
    ownerPassword: z.string().describe("The first owner's password; secret."),
  }),
  isAutoNamed: false,
  isLocal: true,
  importId: [],
  secrets: ["masterKey", "ownerPassword"],

  describe: (properties) => `keys "${String(properties["resourceName"])}"`,

  check(request) {
    return { inputs: request.news, failures: inputFailures(inputs, request) };
  },

  async diff() {
    return { changes: [], replaces: [] };
  },

  async create() {
    const state = {
      masterKey: randomBytes(KEY_BYTES).toString("base64"),
      ownerPassword: randomBytes(PASSWORD_BYTES).toString("base64url"),
    };
    return { id: "keys", state };
  },

  async read(_context, id, state) {
    if (state["masterKey"] !== undefined) return { id, state };
    throw new ResourceError("they exist in the state of their stack alone, and cannot be imported");
  },

  async update(_context, _id, state) {
    return state;
  },

  async delete() {},
};
