import { availableParallelism } from "node:os";
import { z } from "zod";
import { WORKERS_MAX } from "../domain/limits.ts";

const LOG_LEVELS = ["debug", "info", "warn", "error", "silent"] as const;
export type LogLevel = (typeof LOG_LEVELS)[number];

/** How the server's process runs. */
export interface ProcessConfig {
  /** Threads that answer requests. */
  readonly workers: number;
  readonly logLevel: LogLevel;
}

const WORKERS_EXPECTED = `expected a number from 1 to ${WORKERS_MAX}`;

export const PROCESS_SETTINGS = {
  MOORAGE_WORKERS: z
    .string()
    .regex(/^[1-9]\d?$/, WORKERS_EXPECTED)
    .transform(Number)
    .refine((workers) => workers <= WORKERS_MAX, WORKERS_EXPECTED)
    .optional(),
  MOORAGE_LOG_LEVEL: z.enum(LOG_LEVELS, `expected one of ${LOG_LEVELS.join(", ")}`).default("info"),
};

const PROCESS = z.object(PROCESS_SETTINGS);

export function processConfig(settings: z.output<typeof PROCESS>): ProcessConfig {
  return {
    workers: settings.MOORAGE_WORKERS ?? Math.min(availableParallelism(), WORKERS_MAX),
    logLevel: settings.MOORAGE_LOG_LEVEL,
  };
}
