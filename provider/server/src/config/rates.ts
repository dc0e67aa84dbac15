import { z } from "zod";
import {
  RATE_COUNT_MAX,
  RATE_WINDOW_MILLISECONDS_MAX,
  RATE_WINDOW_MILLISECONDS_MIN,
} from "../domain/limits.ts";
import type { Rate } from "../domain/rate.ts";

/** How many requests callers may make; absent: as many as they like. */
export interface RatesConfig {
  /** Of one address, without valid credentials. */
  readonly rateLimit: Rate | undefined;
  /** Of one person or token. */
  readonly authenticatedRateLimit: Rate | undefined;
}

const EXPECTED = `expected "off" or <requests>/<time>, such as 500/10m: up to ${RATE_COUNT_MAX} requests within 5s to 24h`;
const UNIT_MILLISECONDS: Readonly<Record<string, number>> = { s: 1000, m: 60_000, h: 3_600_000 };

const rate = (name: string) =>
  z.string().transform((text, context): Rate | undefined => {
    if (text.trim() === "off") {
      return undefined;
    }
    const [, count, time, unit = ""] = /^(\d{1,7})\/(\d{1,6})([smh])$/.exec(text.trim()) ?? [];
    const countMax = Number(count);
    const windowMilliseconds = Number(time) * (UNIT_MILLISECONDS[unit] ?? 0);
    const isRight =
      countMax >= 1 &&
      countMax <= RATE_COUNT_MAX &&
      windowMilliseconds >= RATE_WINDOW_MILLISECONDS_MIN &&
      windowMilliseconds <= RATE_WINDOW_MILLISECONDS_MAX;
    if (!isRight) {
      context.addIssue(EXPECTED);
      return z.NEVER;
    }
    return { name, countMax, windowMilliseconds };
  });

export const RATES_SETTINGS = {
  MOORAGE_RATE_LIMIT: rate("address").prefault("500/10m"),
  MOORAGE_RATE_LIMIT_AUTHENTICATED: rate("principal").prefault("off"),
};

const RATES = z.object(RATES_SETTINGS);

export function ratesConfig(settings: z.output<typeof RATES>): RatesConfig {
  return {
    rateLimit: settings.MOORAGE_RATE_LIMIT,
    authenticatedRateLimit: settings.MOORAGE_RATE_LIMIT_AUTHENTICATED,
  };
}
