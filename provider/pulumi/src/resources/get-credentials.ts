import { z } from "zod";
import { CI, SHOP } from "./example.ts";
import { idInput, inputsObject } from "./inputs.ts";
import { found, type Query } from "./query.ts";

const inputs = inputsObject({
  registryId: idInput("registryId").describe("The registry that the token is for."),
  tokenId: idInput("tokenId").describe("The token to log in with."),
});

/** How to log in with a token, but for its secret. */
export const getCredentials: Query = {
  name: "getCredentials",
  description:
    "How to log in with a token that is there. The server shows a secret only to whoever makes it, so `<password>` stands where it belongs in the configuration.",
  example: {
    resources: { shop: SHOP, ci: CI },
    functions: {
      login: {
        name: "getCredentials",
        inputs: { registryId: "${shop.registryId}", tokenId: "${ci.tokenId}" },
      },
    },
    outputs: { command: "${login.dockerLogin}" },
  },
  inputs,
  outputs: z.object({
    endpoint: z.string().describe("What stands before a repository's name in an image reference."),
    username: z.string().describe("The name to log in with."),
    dockerLogin: z
      .string()
      .describe("A shell command that logs docker in and asks for the password."),
    dockerConfigJson: z
      .string()
      .describe("Content of a Docker `config.json`, with `<password>` in it."),
  }),

  async ask({ client }, bag) {
    const { registryId, tokenId } = inputs.parse(bag);
    const answer = await client.tokens.credentials(registryId, tokenId);
    const { dockerconfigjson, ...others } = found(answer, "token", tokenId);
    return { ...others, dockerConfigJson: dockerconfigjson };
  },
};
