import { collectGarbage } from "../app/collect-garbage.ts";
import type { Context } from "../app/context.ts";
import { expireAuditEvents } from "../app/expire-audit-events.ts";
import { expireTokens } from "../app/expire-tokens.ts";
import { expireUploads } from "../app/expire-uploads.ts";
import { forgetLeases } from "../app/forget-leases.ts";
import { sweepOrphans } from "../app/sweep-orphans.ts";
import { sweepRegistries } from "../app/sweep-registries.ts";
import {
  COLLECT_GARBAGE_EVERY_MILLISECONDS,
  EXPIRE_AUDIT_EVENTS_EVERY_MILLISECONDS,
  EXPIRE_TOKENS_EVERY_MILLISECONDS,
  EXPIRE_UPLOADS_EVERY_MILLISECONDS,
  FORGET_LEASES_EVERY_MILLISECONDS,
  SWEEP_ORPHANS_EVERY_MILLISECONDS,
  SWEEP_REGISTRIES_EVERY_MILLISECONDS,
} from "../domain/limits.ts";
import { type Job, repeatUnderLease } from "./leased-job.ts";
import { measured } from "./measured-job.ts";

type Parts = Pick<
  Context,
  "metadata" | "blobs" | "clock" | "events" | "ids" | "settings" | "meter"
>;

/** The background work of this process, under way. */
export interface RunningJobs {
  /** Cuts the runs under way short and resolves when all have ended. */
  stop(): Promise<void>;
}

export function startJobs(context: Parts): RunningJobs {
  const stopping = new AbortController();
  const parts = { ...context, holder: context.ids.uuid<string>() };
  const loops = jobsOf(context).map((job) =>
    repeatUnderLease(parts, measured(context, job), stopping.signal),
  );
  return {
    async stop() {
      stopping.abort();
      await Promise.all(loops);
    },
  };
}

/** What the server does without being asked. */
export function jobsOf(context: Parts): readonly Job[] {
  return [
    {
      name: "expire-tokens",
      intervalMilliseconds: EXPIRE_TOKENS_EVERY_MILLISECONDS,
      run: async (signal) => ({ tokens: await expireTokens(context, signal) }),
    },
    {
      name: "expire-uploads",
      intervalMilliseconds: EXPIRE_UPLOADS_EVERY_MILLISECONDS,
      run: async (signal) => ({ uploads: await expireUploads(context, signal) }),
    },
    {
      name: "expire-audit-events",
      intervalMilliseconds: EXPIRE_AUDIT_EVENTS_EVERY_MILLISECONDS,
      isQuiet: true,
      run: async (signal) => ({ auditEvents: await expireAuditEvents(context, signal) }),
    },
    {
      name: "forget-leases",
      intervalMilliseconds: FORGET_LEASES_EVERY_MILLISECONDS,
      run: async () => ({ leases: await forgetLeases(context) }),
    },
    {
      name: "collect-garbage",
      intervalMilliseconds: COLLECT_GARBAGE_EVERY_MILLISECONDS,
      isQuiet: true,
      run: (signal) => collectGarbage(context, signal),
    },
    {
      name: "sweep-registries",
      intervalMilliseconds: SWEEP_REGISTRIES_EVERY_MILLISECONDS,
      run: async (signal) => ({ registries: await sweepRegistries(context, signal) }),
    },
    {
      name: "sweep-orphans",
      intervalMilliseconds: SWEEP_ORPHANS_EVERY_MILLISECONDS,
      run: async (signal) => ({ objects: await sweepOrphans(context, signal) }),
    },
  ];
}
