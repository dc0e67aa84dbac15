import { z } from "zod";
import { ROTATION_GRACE_SECONDS_MAX } from "./limits.ts";
import { requestObject } from "./request-object.ts";

const SENTENCE = `gracePeriodSeconds must be a whole number from 0 to ${ROTATION_GRACE_SECONDS_MAX}`;

/**
 * Body of POST …/tokens/{id}/rotate (extensions): how long the old secret stays valid beside the new
 * one. An empty body and `{}` both mean: not at all.
 */
export const rotateRequest = requestObject("the body", {
  gracePeriodSeconds: z
    .int(SENTENCE)
    .min(0, SENTENCE)
    .max(ROTATION_GRACE_SECONDS_MAX, SENTENCE)
    .optional(),
}).transform((given) => ({ gracePeriodSeconds: given.gracePeriodSeconds ?? 0 }));
export type RotateRequest = z.output<typeof rotateRequest>;
/** A rotation as it is sent. */
export type RotateRequestJson = z.input<typeof rotateRequest>;
