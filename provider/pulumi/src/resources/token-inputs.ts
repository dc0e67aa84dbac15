import { DESCRIPTION_CHARACTERS_MAX } from "@moorage/core/contract/limits";
import { scopesInput } from "@moorage/core/contract/scope";
import { requestTimestamp } from "@moorage/core/contract/timestamp";
import { TOKEN_STATUSES, tokenName } from "@moorage/core/contract/token";
import { z } from "zod";
import { parseDuration } from "./duration.ts";
import { idInput, inputsObject, resourceName } from "./inputs.ts";
import type { CheckFailure, CheckRequest } from "./resource.ts";
import { EXPIRES_IN_MILLISECONDS_MIN, isExpired } from "./token-rotation.ts";

const span = (field: string): z.ZodString =>
  z.string(spanSentence(field)).refine((text) => parseDuration(text) !== undefined, {
    error: spanSentence(field),
  });
const spanSentence = (field: string): string =>
  `${field} must be a span of time such as 12h, 30d or 2w`;
const DESCRIPTION = `description must be text of at most ${DESCRIPTION_CHARACTERS_MAX} characters`;

/** What a program says of a token. */
export const tokenInputs = inputsObject({
  resourceName,
  registryId: idInput("registryId"),
  name: tokenName.optional(),
  scopes: scopesInput.optional(),
  expiryDate: requestTimestamp("expiryDate").optional(),
  expiresIn: span("expiresIn").optional(),
  rotateBefore: span("rotateBefore").optional(),
  status: z.enum(TOKEN_STATUSES, "status must be enabled or disabled").default("enabled"),
  oneTime: z.boolean("oneTime must be true or false").default(false),
  description: z.string(DESCRIPTION).max(DESCRIPTION_CHARACTERS_MAX, DESCRIPTION).default(""),
  triggers: z.array(z.unknown(), "triggers must be a list of values").optional(),
});
export type TokenInputs = z.output<typeof tokenInputs>;

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
