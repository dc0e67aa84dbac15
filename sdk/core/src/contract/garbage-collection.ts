import { z } from "zod";
import { identifier } from "./identifier.ts";
import { known } from "./known-words.ts";
import { requestObject } from "./request-object.ts";
import { sentWhole } from "./sent-whole.ts";
import { timestamp } from "./timestamp.ts";

/** States of a run (extensions, "Added paths"). */
export const RUN_STATES = ["Running", "Succeeded", "Failed"] as const;
export type RunState = (typeof RUN_STATES)[number];
/** What can start a run. */
export const RUN_TRIGGERS = ["schedule", "request"] as const;
export type RunTrigger = (typeof RUN_TRIGGERS)[number];

/** Body of POST …/garbage-collections; an empty body and `{}` both ask for a run that deletes. */
export const garbageCollectionRequest = requestObject("the body", {
  dryRun: z.boolean("dryRun must be true or false").optional(),
}).transform((given) => ({ dryRun: given.dryRun ?? false }));
export type GarbageCollectionRequest = z.output<typeof garbageCollectionRequest>;

/** A run in an answer. */
export const garbageCollectionRun = sentWhole(
  z.object({
    id: identifier,
    type: z.literal("garbage-collection"),
    href: z.string().optional(),
    metadata: sentWhole(
      z.object({
        state: known(...RUN_STATES),
        startedAt: timestamp,
        finishedAt: timestamp.nullable().optional(),
        /** For how long pushes and deletes had to wait. */
        readOnlyMilliseconds: z.int().nullable().optional(),
      }),
    ),
    properties: sentWhole(
      z.object({
        trigger: known(...RUN_TRIGGERS),
        dryRun: z.boolean(),
        /** Untagged ones; 0 unless the schedule has `deleteUntagged`. */
        manifestsDeleted: z.int().optional(),
        blobsDeleted: z.int(),
        bytesFreed: z.int(),
      }),
    ),
  }),
);
export type GarbageCollectionRun = z.output<typeof garbageCollectionRun>;

/** Answer of GET …/garbage-collections, the latest run first. */
export const garbageCollectionRunsResponse = sentWhole(
  z.object({
    id: known("garbage-collections"),
    type: known("collection"),
    href: z.string().optional(),
    items: z.array(garbageCollectionRun),
  }),
);
export type GarbageCollectionRunsResponse = z.output<typeof garbageCollectionRunsResponse>;
