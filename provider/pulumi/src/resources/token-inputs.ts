import {
  DESCRIPTION_CHARACTERS_MAX,
  ROTATION_GRACE_SECONDS_MAX,
} from "@moorage/core/contract/limits";
import { scopesInput } from "@moorage/core/contract/scope";
import { requestTimestamp } from "@moorage/core/contract/timestamp";
import { TOKEN_STATUSES, tokenName } from "@moorage/core/contract/token";
import { z } from "zod";
import { parseDuration } from "./duration.ts";
import { idInput, inputsObject, resourceName } from "./inputs.ts";
import type { CheckFailure, CheckRequest } from "./resource.ts";
import {
  EXPIRES_IN_MILLISECONDS_MIN,
  graceSeconds,
  isExpired,
  isInPlace,
  ROTATIONS,
} from "./token-rotation.ts";

const span = (field: string): z.ZodString =>
  z.string(spanSentence(field)).refine((text) => parseDuration(text) !== undefined, {
    error: spanSentence(field),
  });
const spanSentence = (field: string): string =>
  `${field} must be a span of time such as 12h, 30d or 2w`;
const GRACE = "gracePeriod must be a span of time from 0s to 7d, such as 90s or 12h";
const graceSpan = z
  .string(GRACE)
  .refine((text) => (graceSeconds(text) ?? Number.NaN) <= ROTATION_GRACE_SECONDS_MAX, GRACE);
const DESCRIPTION = `description must be text of at most ${DESCRIPTION_CHARACTERS_MAX} characters`;

/** What a program says of a token. */
export const tokenInputs = inputsObject({
  resourceName,
  registryId: idInput("registryId").describe(
    "The registry that the token is for. Another registry makes another token.",
  ),
  name: tokenName
    .optional()
    .describe(
      "The token's name, which is also its user name. Better left out: it is then the resource's name and a random suffix, so that a new token can stand beside the one that it replaces. A token with a fixed name is rotated in place instead.",
    ),
  scopes: scopesInput
    .optional()
    .describe(
      "What the token may do. Left out, the token begins without any, and `Scope` resources add them. Use one way or the other for a token, not both; for a token that rotates, this one.",
    ),
  expiryDate: requestTimestamp("expiryDate")
    .optional()
    .describe(
      "When the token ends, as in RFC 3339; at least one hour ahead. Excludes `expiresIn`. As an output in UTC; without one, the token never ends.",
    ),
  expiresIn: span("expiresIn")
    .optional()
    .describe(
      "How long the token lives from its creation, such as `12h` or `30d`; at least `1h`. Excludes `expiryDate`.",
    ),
  rotateBefore: span("rotateBefore")
    .optional()
    .describe(
      "How long before its end the token is rotated by the next `pulumi up`, such as `7d`; see `rotation`.",
    ),
  rotation: z
    .enum(ROTATIONS, "rotation must be replace or in-place")
    .optional()
    .describe(
      "`replace` makes a new token first, updates what depends on it, and deletes the old one last; the default for a token without a `name` of its own, and not for others. `in-place` keeps the token and its name and gives it a new secret; the old one works on for `gracePeriod`.",
    ),
  gracePeriod: graceSpan
    .optional()
    .describe(
      "How long the old secret works on after a rotation in place, from `0s` to `7d`; `1h` by default.",
    ),
  status: z
    .enum(TOKEN_STATUSES, "status must be enabled or disabled")
    .default("enabled")
    .describe("`enabled` (the default) or `disabled`: refused until it is enabled again."),
  oneTime: z
    .boolean("oneTime must be true or false")
    .default(false)
    .describe("Whether the token ends once it has pushed one tagged manifest; false by default."),
  description: z
    .string(DESCRIPTION)
    .max(DESCRIPTION_CHARACTERS_MAX, DESCRIPTION)
    .default("")
    .describe("What the token is for, in at most 256 characters; empty by default."),
  triggers: z
    .array(z.unknown(), "triggers must be a list of values")
    .optional()
    .describe("Values whose change makes a new token, as an expiry does."),
});
export type TokenInputs = z.output<typeof tokenInputs>;

/** What a token has besides what was said of it. */
export const tokenOutputs = z.object({
  tokenId: z.string().describe("The token's id; what `Scope` refers to."),
  username: z.string().describe("The name to log in with."),
  password: z
    .string()
    .describe(
      "The secret to log in with; the server shows it once, and it is kept in state, encrypted.",
    ),
  dockerConfigJson: z
    .string()
    .describe("Content of a Docker `config.json` or of a Kubernetes pull secret; secret."),
  dockerLogin: z.string().describe("A shell command that logs docker in; secret."),
});

/** What is wrong with how a token's life is to end. */
export function lifetimeFailures({ news, now }: CheckRequest): CheckFailure[] {
  const { expiryDate, expiresIn, rotateBefore } = news;
  const failures: CheckFailure[] = [];
  if (expiryDate !== undefined && expiresIn !== undefined) {
    const reason = "expiryDate and expiresIn exclude each other: give one of them";
    failures.push({ property: "expiresIn", reason });
  }
  if (rotateBefore !== undefined && expiryDate === undefined && expiresIn === undefined) {
    const reason =
      "rotateBefore needs expiresIn or expiryDate: a token without expiry never rotates";
    failures.push({ property: "rotateBefore", reason });
  }
  const span = typeof expiresIn === "string" ? parseDuration(expiresIn) : undefined;
  if (span !== undefined && span < EXPIRES_IN_MILLISECONDS_MIN) {
    failures.push({ property: "expiresIn", reason: "expiresIn must be at least 1h" });
  }
  if (isExpired(expiryDate, now)) {
    const reason = `expiryDate ${String(expiryDate)} has passed: give a later one, or expiresIn`;
    failures.push({ property: "expiryDate", reason });
  }
  return failures;
}

/** What is wrong with how a token is to be rotated. */
export function rotationFailures({ news, unknown }: CheckRequest): CheckFailure[] {
  const { name, rotation, gracePeriod } = news;
  if (unknown.has("rotation")) return [];
  if (rotation === "replace" && name !== undefined) {
    const reason =
      'rotation "replace" needs two tokens side by side for a moment: leave out name, or use "in-place"';
    return [{ property: "rotation", reason }];
  }
  if (gracePeriod !== undefined && !isInPlace(news)) {
    const reason =
      'gracePeriod goes with rotation "in-place": a token that is replaced is deleted with its secret';
    return [{ property: "gracePeriod", reason }];
  }
  return [];
}
