import { setTimeout as sleep } from "node:timers/promises";
import type { Clock } from "./resource.ts";

/** The machine's own time. */
export const systemClock: Clock = {
  now: () => new Date(),
  wait: async (milliseconds) => {
    await sleep(milliseconds);
  },
};
