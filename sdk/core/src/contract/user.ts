import { z } from "zod";
import { identifier } from "./identifier.ts";
import {
  DISPLAY_NAME_CHARACTERS_MAX,
  EMAIL_CHARACTERS_MAX,
  PASSWORD_CHARACTERS_MAX,
  PASSWORD_CHARACTERS_MIN,
} from "./limits.ts";
import { metadata } from "./metadata.ts";
import { requestObject, wrapped } from "./request-object.ts";

/** What a person may do in an organization, most first. */
export const ROLES = ["owner", "admin", "developer", "reader"] as const;
export type RoleName = (typeof ROLES)[number];

const EMAIL = `email must be an e-mail address of at most ${EMAIL_CHARACTERS_MAX} characters, such as ops@example.com`;
const ROLE = `role must be one of ${ROLES.join(", ")}`;
const DISPLAY_NAME = `displayName must be text of at most ${DISPLAY_NAME_CHARACTERS_MAX} characters`;
const PASSWORD = `password must be text of ${PASSWORD_CHARACTERS_MIN} to ${PASSWORD_CHARACTERS_MAX} characters`;

/** An e-mail address; a colon, which Basic authentication cannot carry, is in none. */
export const userEmail = z
  .string(EMAIL)
  .max(EMAIL_CHARACTERS_MAX, { error: EMAIL, abort: true })
  .regex(/^[^\s@:]+@[^\s@:]+$/, EMAIL);

const mutable = {
  role: z.enum(ROLES, ROLE),
  displayName: z.string(DISPLAY_NAME).max(DISPLAY_NAME_CHARACTERS_MAX, DISPLAY_NAME).optional(),
  password: z
    .string(PASSWORD)
    .min(PASSWORD_CHARACTERS_MIN, PASSWORD)
    .max(PASSWORD_CHARACTERS_MAX, PASSWORD)
    .optional(),
};

/** `properties` of POST /users (extensions); without a password one is generated and shown once. */
export const userInput = requestObject("properties", { email: userEmail, ...mutable });
export type UserInput = z.output<typeof userInput>;

/** Body of POST /users. */
export const userRequest = wrapped(userInput);

/** Body of PATCH /users/{id}: not wrapped; what is left out stays. The e-mail address cannot be changed. */
export const userPatch = requestObject("the body", { ...mutable, role: mutable.role.optional() });
export type UserPatch = z.output<typeof userPatch>;

/** A user in an answer. */
export const user = z.object({
  id: identifier,
  type: z.literal("user"),
  href: z.string().optional(),
  metadata,
  properties: z.object({
    email: z.string(),
    role: z.string(),
    displayName: z.string().optional(),
    /** Only in the answer that generated it. */
    password: z.string().optional(),
  }),
});
export type User = z.output<typeof user>;

/** Answer of GET /users. */
export const usersResponse = z.object({
  id: z.string(),
  type: z.string(),
  href: z.string().optional(),
  items: z.array(user),
});
export type UsersResponse = z.output<typeof usersResponse>;
