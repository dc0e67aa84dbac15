/** When a registry's garbage is collected: days of the week and a time of day, both kept exactly as they were sent. */
export interface GarbageCollectionSchedule {
  readonly days: readonly Weekday[];
  readonly time: string;
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
