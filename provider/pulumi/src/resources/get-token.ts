import { z } from "zod";
import { idInput, inputsObject } from "./inputs.ts";
import { found, inOneWay, named, type Query } from "./query.ts";
import { tokenInputs, tokenOutputs } from "./token-inputs.ts";

const { description, oneTime, scopes, status } = tokenInputs.shape;
const registryId = idInput("registryId").describe("The registry that the token is for.");

const inputs = inputsObject({
  registryId,
  tokenId: idInput("tokenId").optional().describe("The token's id. Excludes `name`."),
  name: z.string("name must be text").optional().describe("The token's name. Excludes `tokenId`."),
}).refine(inOneWay("tokenId", "name"), "give either tokenId or name, to say which token");

/** A token that somebody else made, without its secret. */
export const getToken: Query = {
  name: "getToken",
  description:
    "A token that is there, by its id or its name; without its secret, which the server shows only to whoever makes it.",
  example: {
    functions: {
      shop: { name: "getRegistry", inputs: { name: "shop" } },
      ci: { name: "getToken", inputs: { registryId: "${shop.registryId}", name: "ci" } },
    },
    outputs: { status: "${ci.status}" },
  },
  inputs,
  outputs: z.object({
    tokenId: tokenOutputs.shape.tokenId,
    registryId,
    name: z.string().describe("The token's name."),
    username: tokenOutputs.shape.username,
    status,
    scopes: scopes.unwrap().describe("What the token may do."),
    expiryDate: z
      .string()
      .optional()
      .describe("When the token ends, in UTC; without one, it never ends."),
    oneTime,
    description,
    lastUsedAt: z.string().optional().describe("When the token was last used, in UTC."),
  }),

  async ask({ client }, bag) {
    const { registryId: home, tokenId, name = "" } = inputs.parse(bag);
    const token =
      tokenId === undefined
        ? await named(client.tokens.list(home), "token", name)
        : found(await client.tokens.get(home, tokenId), "token", tokenId);
    const { properties } = token;
    return {
      tokenId: token.id,
      registryId: home,
      name: properties.name,
      username: properties.credentials.username,
      status: properties.status ?? "enabled",
      scopes: (properties.scopes ?? []).map(({ type, name: pattern, actions }) => ({
        type,
        name: pattern,
        actions: actions ?? [],
      })),
      expiryDate: properties.expiryDate ?? undefined,
      oneTime: properties.oneTime ?? false,
      description: properties.description ?? "",
      lastUsedAt: properties.lastUsedAt ?? undefined,
    };
  },
};
