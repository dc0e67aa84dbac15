import { z } from "zod";
import { idInput, inputsObject } from "./inputs.ts";
import { found, inOneWay, type Query } from "./query.ts";
import { ResourceError } from "./resource.ts";
import { addressOf, userInputs, userOutputs } from "./user.ts";

const { role, displayName } = userInputs.shape;

const inputs = inputsObject({
  userId: idInput("userId").optional().describe("The user's id. Excludes `email`."),
  email: z
    .string("email must be text")
    .optional()
    .describe("The address that the user signs in with, in any case. Excludes `userId`."),
}).refine(inOneWay("userId", "email"), "give either userId or email, to say which user");

/** A user that somebody else made, without the password. */
export const getUser: Query = {
  name: "getUser",
  description:
    "A user that is there, by its id or its e-mail address; without the password. For owners and admins.",
  example: {
    functions: { ops: { name: "getUser", inputs: { email: "ops@example.com" } } },
    outputs: { role: "${ops.role}" },
  },
  inputs,
  outputs: z.object({
    userId: userOutputs.shape.userId,
    email: z.string().describe("The address to sign in with."),
    role,
    displayName: displayName.describe("How people call the user; may be empty."),
  }),

  async ask({ client }, bag) {
    const { userId, email = "" } = inputs.parse(bag);
    const user =
      userId === undefined
        ? await userOf(client.users.list(), email)
        : found(await client.users.get(userId), "user", userId);
    const { properties } = user;
    return {
      userId: user.id,
      email: properties.email,
      role: properties.role,
      displayName: properties.displayName ?? "",
    };
  },
};

async function userOf<User extends { properties: { email: string } }>(
  users: AsyncIterable<User>,
  email: string,
): Promise<User> {
  for await (const each of users) {
    if (addressOf(each.properties.email) === addressOf(email)) return each;
  }
  throw new ResourceError(`there is no user ${JSON.stringify(email)}`);
}
