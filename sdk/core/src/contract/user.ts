import { z } from "zod";
import { identifier } from "./identifier.ts";
import { known } from "./known-words.ts";
import {
  DISPLAY_NAME_CHARACTERS_MAX,
  EMAIL_CHARACTERS_MAX,
  PASSWORD_CHARACTERS_MAX,
  PASSWORD_CHARACTERS_MIN,
} from "./limits.ts";
import { metadata } from "./metadata.ts";
import { pageLimit, pageToken, QUERY_SENTENCE } from "./pages.ts";
import { requestObject, wrapped } from "./request-object.ts";
import { sentWhole } from "./sent-whole.ts";
import { isStorable } from "./storable-text.ts";

/** What a person may do in an organization, most first. */
export const ROLES = ["owner", "admin", "developer", "reader"] as const;
export type RoleName = (typeof ROLES)[number];

const EMAIL = `email must be an e-mail address of at most ${EMAIL_CHARACTERS_MAX} characters, such as ops@example.com`;
const EMAIL_FIXED = "email cannot be changed; create another user instead";
const ROLE = `role must be one of ${ROLES.join(", ")}`;
const DISPLAY_NAME = `displayName must be text of at most ${DISPLAY_NAME_CHARACTERS_MAX} characters`;
const CURRENT = `currentPassword must be text of at most ${PASSWORD_CHARACTERS_MAX} characters`;
const TOKEN_SECRET = "must not have the form of a token's secret, mrg_…";

/**
 * An e-mail address. None has a colon, which Basic authentication cannot carry, nor anything that
 * cannot be seen.
 */
export const userEmail = z
  .string(EMAIL)
  .max(EMAIL_CHARACTERS_MAX, { error: EMAIL, abort: true })
  .regex(/^[^\s\p{C}@:]+@[^\s\p{C}@:]+$/u, EMAIL);

/** A password that somebody is to have from now on. */
const freshPassword = (name: string) => {
  const expected = `${name} must be text of ${PASSWORD_CHARACTERS_MIN} to ${PASSWORD_CHARACTERS_MAX} characters`;
  return (
    z
      .string(expected)
      .min(PASSWORD_CHARACTERS_MIN, expected)
      .max(PASSWORD_CHARACTERS_MAX, expected)
      .refine(isStorable, expected)
      // The server would look for a token of that secret, and find none.
      .refine((text) => !text.startsWith("mrg_"), `${name} ${TOKEN_SECRET}`)
  );
};

const mutable = {
  role: z.enum(ROLES, ROLE),
  displayName: z
    .string(DISPLAY_NAME)
    .max(DISPLAY_NAME_CHARACTERS_MAX, DISPLAY_NAME)
    .refine(isStorable, DISPLAY_NAME)
    .optional(),
  password: freshPassword("password").optional(),
};

/** `properties` of POST /users (extensions); without a password one is generated and shown once. */
export const userInput = requestObject("properties", { email: userEmail, ...mutable });
export type UserInput = z.output<typeof userInput>;
/** A user as it is sent. */
export type UserInputJson = z.input<typeof userInput>;

/** Body of POST /users. */
export const userRequest = wrapped(userInput);

/** Body of PATCH /users/{id}: not wrapped; what is left out stays. The e-mail address cannot be changed. */
export const userPatch = requestObject(
  "the body",
  { ...mutable, role: mutable.role.optional(), email: z.undefined(EMAIL_FIXED).optional() },
  ["email"],
);
export type UserPatch = z.output<typeof userPatch>;
/** A change of a user as it is sent. */
export type UserPatchJson = z.input<typeof userPatch>;

/** Body of PUT /users/me/password: not wrapped. */
export const ownPassword = requestObject("the body", {
  currentPassword: z.string(CURRENT).max(PASSWORD_CHARACTERS_MAX, CURRENT),
  newPassword: freshPassword("newPassword"),
});
/** Somebody's own change of password as it is sent. */
export type OwnPasswordJson = z.input<typeof ownPassword>;

/** Query of GET /users (extensions). An empty token asks for the first page. */
export const usersQuery = z
  .object({ limit: pageLimit, "pagination.token": pageToken }, QUERY_SENTENCE)
  .transform(({ "pagination.token": token, limit }) => ({ limit, pageToken: token }));
export type UsersQuery = z.output<typeof usersQuery>;

/** A user in an answer. */
export const user = sentWhole(
  z.object({
    id: identifier,
    type: z.literal("user"),
    href: z.string().optional(),
    metadata,
    properties: sentWhole(
      z.object({
        email: z.string(),
        role: known(...ROLES),
        displayName: z.string().optional(),
        /** Only in the answer that generated it. */
        password: z.string().optional(),
      }),
      ["password"],
    ),
  }),
);
export type User = z.output<typeof user>;

/** Answer of GET /users, by e-mail address. */
export const usersResponse = sentWhole(
  z.object({
    id: known("users"),
    type: known("collection"),
    href: z.string().optional(),
    items: z.array(user),
    pagination: z.object({ limit: z.int(), token: z.string() }),
    _links: z.object({ next: z.string(), previous: z.string(), self: z.string() }),
  }),
);
export type UsersResponse = z.output<typeof usersResponse>;
