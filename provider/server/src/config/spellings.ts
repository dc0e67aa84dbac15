import { z } from "zod";

/** How settings of several topics are spelled. */

export const commaSeparated = z
  .string()
  .transform((text) => text.split(",").map((part) => part.trim()));

export const flag = z
  .enum(["true", "false"], 'expected "true" or "false"')
  .transform((text) => text === "true");

/** A list whose absence has a word of its own. */
export const noneOr = (entry: z.ZodType<string, string>) =>
  z
    .string()
    .transform((text) => (text.trim() === "none" ? [] : text.split(",").map((part) => part.trim())))
    .pipe(z.array(entry));

const UNIT_MILLISECONDS = { ms: 1, s: 1000, m: 60_000, h: 3_600_000 } as const;

/** A time with its unit, in milliseconds. */
export const duration = (millisecondsMax: number) =>
  z.string().transform((text, context): number => {
    const match = /^(\d{1,9})(ms|s|m|h)$/.exec(text.trim());
    const unit = UNIT_MILLISECONDS[match?.[2] as keyof typeof UNIT_MILLISECONDS] ?? 0;
    const milliseconds = Number(match?.[1]) * unit;
    if (match === null || milliseconds > millisecondsMax) {
      const hours = millisecondsMax / UNIT_MILLISECONDS.h;
      context.addIssue(`expected a time such as 500ms, 10s, 5m or 24h, ${hours}h at most`);
      return z.NEVER;
    }
    return milliseconds;
  });
