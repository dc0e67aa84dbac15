import assert from "node:assert";
import type { Instant } from "./ids.ts";

/** When a registry's garbage is collected: days of the week and a time of day, both kept exactly as they were sent. */
export interface GarbageCollectionSchedule {
  readonly days: readonly Weekday[];
  readonly time: string;
  /** Runs also remove manifests that no tag names; kept as it was sent. */
  readonly deleteUntagged?: boolean | undefined;
}

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

/** The first moment after `after` at which the schedule starts a run. */
export function nextSlot(schedule: GarbageCollectionSchedule, after: Instant): Instant {
  return Math.min(...schedule.days.map((day) => lastStart(schedule, day, after) + WEEK));
}

/** The last moment, up to and including `at`, at which the schedule starts a run. */
export function lastSlot(schedule: GarbageCollectionSchedule, at: Instant): Instant {
  return Math.max(...schedule.days.map((day) => lastStart(schedule, day, at)));
}

const MINUTE = 60_000;
const DAY = 24 * 60 * MINUTE;
const WEEK = 7 * DAY;
/** 1970-01-05 was a Monday. */
const MONDAY = 4 * DAY;

/** UTC has no summer time and this clock no leap seconds: every week is as long as the other. */
function lastStart({ time }: GarbageCollectionSchedule, day: Weekday, at: Instant): Instant {
  const start = MONDAY + WEEKDAYS.indexOf(day) * DAY + timeOfDay(time);
  return start + Math.floor((at - start) / WEEK) * WEEK;
}

const TIME = /^(\d{2}):(\d{2})(?::(\d{2}))?(?:Z|([+-])(\d{2}):(\d{2}))?$/;

/**
 * Milliseconds since midnight UTC: negative, or beyond a day, where an offset crosses midnight. The day that a schedule names is the
 * day at that offset.
 */
function timeOfDay(time: string): number {
  const match = TIME.exec(time);
  assert(match !== null, `a schedule has the time ${JSON.stringify(time)}`);
  const [, hour, minute, second = "0", sign, hoursAhead = "0", minutesAhead = "0"] = match;
  const ahead = Number(hoursAhead) * 60 + Number(minutesAhead);
  const minutes = Number(hour) * 60 + Number(minute) - (sign === "-" ? -ahead : ahead);
  return minutes * MINUTE + Number(second) * 1000;
}
