import { z } from "zod";
import { known } from "./known-words.ts";
import { requestObject } from "./request-object.ts";

/** The days of a schedule, in the contract's exact spelling, from the start of the week. */
export const WEEKDAYS = [
  "Monday",
  "Tuesday",
  "Wednesday",
  "Thursday",
  "Friday",
  "Saturday",
  "Sunday",
] as const;
export type Weekday = (typeof WEEKDAYS)[number];

const DAY_SECONDS = 86_400;
const TIME =
  /^(?<hour>[01]\d|2[0-3]):(?<minute>[0-5]\d)(?::(?<second>[0-5]\d))?(?:Z|(?<offset>[+-](?:[01]\d|2[0-3]):[0-5]\d))?$/;
const TIME_SENTENCE =
  "time must be a time of day in UTC, such as 19:30, 19:30:00, 19:30:00Z or 19:30:00+00:00";
const DAYS_SENTENCE = `days must be a list of ${WEEKDAYS.join(", ")}, each at most once`;

/** A time of day. All four spellings occur among clients and are echoed verbatim (contract, section 2). */
export const scheduleTime = z.string(TIME_SENTENCE).regex(TIME, TIME_SENTENCE);

/** The days of a schedule; their order is echoed verbatim (contract, section 2). */
export const scheduleDays = z
  .array(z.enum(WEEKDAYS, `a day must be one of ${WEEKDAYS.join(", ")}`), DAYS_SENTENCE)
  .max(WEEKDAYS.length, { error: DAYS_SENTENCE, abort: true })
  .refine((days) => new Set(days).size === days.length, DAYS_SENTENCE);

/**
 * `garbageCollectionSchedule` of a request (contract, section 2). ionosctl sends `"days": null` when
 * none are given; null and an empty list both mean that garbage collection is off.
 */
export const scheduleInput = requestObject("garbageCollectionSchedule", {
  days: scheduleDays.nullable(),
  time: scheduleTime,
  deleteUntagged: z.boolean("deleteUntagged must be true or false").optional(),
});
export type ScheduleInput = z.output<typeof scheduleInput>;

/** `garbageCollectionSchedule` of an answer. */
export const schedule = z.object({
  days: z.array(known(...WEEKDAYS)).nullable(),
  time: z.string(),
  /** Runs also remove manifests that no tag names. */
  deleteUntagged: z.boolean().optional(),
});
export type Schedule = z.output<typeof schedule>;

/**
 * When a schedule starts its runs, in seconds since Monday 00:00 UTC, ascending. A time with another
 * offset than UTC's names its days in that offset, so its days can move. Two schedules that
 * start at the same seconds are the same schedule, however they are spelt.
 */
export function weeklyStarts(value: ScheduleInput): number[] {
  const second = secondOfDay(value.time);
  const week = 7 * DAY_SECONDS;
  return (value.days ?? [])
    .map((day) => (WEEKDAYS.indexOf(day) * DAY_SECONDS + second + week) % week)
    .sort((a, b) => a - b);
}

/** Seconds since midnight UTC; negative or beyond a day where an offset crosses midnight. */
function secondOfDay(time: string): number {
  const { hour, minute, second = "0", offset } = TIME.exec(time)?.groups ?? {};
  const local = Number(hour) * 3600 + Number(minute) * 60 + Number(second);
  if (offset === undefined) return local;
  const ahead = Number(offset.slice(1, 3)) * 3600 + Number(offset.slice(4, 6)) * 60;
  return offset.startsWith("-") ? local + ahead : local - ahead;
}
