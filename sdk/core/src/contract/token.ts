import { z } from "zod";
import { identifier } from "./identifier.ts";
import { known } from "./known-words.ts";
import { DESCRIPTION_CHARACTERS_MAX } from "./limits.ts";
import { metadata } from "./metadata.ts";
import { requestObject, wrapped } from "./request-object.ts";
import { scope, scopesInput } from "./scope.ts";
import { sentWhole } from "./sent-whole.ts";
import { isStorable } from "./storable-text.ts";
import { requestTimestamp, timestamp } from "./timestamp.ts";

/** Whether a token is let in. */
export const TOKEN_STATUSES = ["enabled", "disabled"] as const;
export type TokenStatus = (typeof TOKEN_STATUSES)[number];

/** What a token's name looks like (contract, section 2). */
export const TOKEN_NAME_PATTERN = /^[A-Za-z][-A-Za-z0-9]{0,61}[A-Za-z0-9]$/;
const NAME =
  "name must be 2 to 63 letters, digits and hyphens, start with a letter and not end with a hyphen";
const DESCRIPTION = `description must be text of at most ${DESCRIPTION_CHARACTERS_MAX} characters`;

/** A token's name in a request. */
export const tokenName = z.string(NAME).regex(TOKEN_NAME_PATTERN, NAME);

const mutable = {
  // Terraform sends null to remove the expiry; on POST, null and absent both mean "never".
  expiryDate: requestTimestamp("expiryDate").nullable().optional(),
  // The contract lets scopes be null: a token that may do nothing.
  scopes: scopesInput.nullable().optional(),
  status: z.enum(TOKEN_STATUSES, "status must be enabled or disabled").optional(),
  oneTime: z.boolean("oneTime must be true or false").optional(),
  description: z
    .string(DESCRIPTION)
    .max(DESCRIPTION_CHARACTERS_MAX, DESCRIPTION)
    .refine(isStorable, DESCRIPTION)
    .optional(),
};

/**
 * `properties` of POST and PUT (contract, section 2, "TokenInput"; extensions). What is left out takes
 * its default, on PUT too, since PUT replaces. The read-only properties of an answer may be sent
 * back; they are not used. That the expiry lies an hour ahead is the server's to judge: it has the
 * clock.
 */
export const tokenInput = requestObject(
  "properties",
  {
    name: tokenName,
    ...mutable,
    credentials: z.looseObject({}, "credentials is a read-only object").nullable().optional(),
    lastUsedAt: z.string("lastUsedAt is a read-only time").nullable().optional(),
  },
  ["credentials", "lastUsedAt"],
).transform((given) => ({
  name: given.name,
  expiryDate: given.expiryDate ?? null,
  scopes: given.scopes ?? [],
  status: given.status ?? "enabled",
  oneTime: given.oneTime ?? false,
  description: given.description ?? "",
}));
/** A token as a request wants it, defaults filled in; `expiryDate` is in UTC. */
export type TokenInput = z.output<typeof tokenInput>;
/** A token as it is sent. */
export type TokenInputJson = z.input<typeof tokenInput>;

/** Body of POST …/tokens and PUT …/tokens/{id}. */
export const tokenRequest = wrapped(tokenInput);

/**
 * Body of PATCH …/tokens/{id} (contract, section 2, "TokenPatch"): not wrapped; what is left out stays
 * as it is; `"expiryDate": null` removes the expiry; `scopes` replaces the whole list.
 */
export const tokenPatch = requestObject("the body", mutable);
export type TokenPatch = z.output<typeof tokenPatch>;
/** A change of a token as it is sent. */
export type TokenPatchJson = z.input<typeof tokenPatch>;

/** A token in an answer (contract, section 2; extensions). */
export const token = sentWhole(
  z.object({
    id: identifier,
    type: known("token").optional(),
    href: z.string().optional(),
    metadata,
    properties: sentWhole(
      z.object({
        name: z.string(),
        expiryDate: timestamp.nullable().optional(),
        scopes: z.array(scope).nullable().optional(),
        status: known(...TOKEN_STATUSES).optional(),
        oneTime: z.boolean().optional(),
        description: z.string().optional(),
        lastUsedAt: timestamp.nullable().optional(),
        /** The password stands only in the answer that made it; afterwards it is empty. */
        credentials: z.object({ username: z.string(), password: z.string() }),
      }),
    ),
  }),
);
export type Token = z.output<typeof token>;

/** Answer of GET …/tokens (contract, section 2, "TokensResponse"). */
export const tokensResponse = sentWhole(
  z.object({
    id: known("tokens"),
    type: known("collection"),
    href: z.string().optional(),
    items: z.array(token).nullable(),
    count: z.int(),
    total: z.int(),
    offset: z.int(),
    limit: z.int(),
    _links: z.object({ next: z.string(), previous: z.string(), self: z.string() }),
  }),
);
export type TokensResponse = z.output<typeof tokensResponse>;
