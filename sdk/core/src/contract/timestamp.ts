import { z } from "zod";

const RFC_3339 =
  /^(\d{4})-(\d{2})-(\d{2})[Tt](?:[01]\d|2[0-3]):[0-5]\d:[0-5]\d(?:\.\d{1,9})?(?:[Zz]|[+-](?:[01]\d|2[0-3]):[0-5]\d)$/;

/**
 * A time in an answer: RFC 3339 in UTC with a literal `Z` (contract, section 0; the Go client appends
 * `Z` to anything else and fails). Read leniently, because other servers speak this API too.
 */
export const timestamp = z
  .string()
  .refine((text) => !Number.isNaN(Date.parse(text)), "a time must be RFC 3339 in UTC")
  .meta({ format: "date-time", pattern: "Z$" });

/**
 * A time in a request: RFC 3339 with any offset. The parsed value is the same moment in UTC, as
 * {@link formatTimestamp} writes it.
 * @param field how the refusal calls the field
 */
export function requestTimestamp(
  field: string,
): z.ZodPipe<z.ZodString, z.ZodTransform<string, string>> {
  const sentence = `${field} must be a time as in RFC 3339, such as 2027-01-01T00:00:00Z`;
  return z
    .string(sentence)
    .refine((text) => isTimestamp(text), sentence)
    .transform((text) => formatTimestamp(new Date(text)));
}

/** Writes a moment as the contract wants it: UTC, literal `Z`, a fraction only where there is one. */
export function formatTimestamp(moment: Date): string {
  return moment.toISOString().replace(".000Z", "Z");
}

function isTimestamp(text: string): boolean {
  const match = RFC_3339.exec(text);
  if (match === null) return false;
  const [year, month, day] = [Number(match[1]), Number(match[2]), Number(match[3])];
  // Date would roll 30 February over into March.
  const calendar = new Date(Date.UTC(year, month - 1, day));
  if (year < 1970 || calendar.getUTCMonth() !== month - 1 || calendar.getUTCDate() !== day) {
    return false;
  }
  // An offset can carry the last day of 9999 into a year that RFC 3339 cannot write.
  return new Date(text).getUTCFullYear() <= 9999;
}
