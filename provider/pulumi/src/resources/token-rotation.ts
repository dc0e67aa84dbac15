import { EXPIRY_LEAD_SECONDS_MIN } from "@moorage/core/contract/limits";
import { formatTimestamp } from "@moorage/core/contract/timestamp";
import { parseDuration } from "./duration.ts";
import type { PropertyBag } from "./resource.ts";

/** How a token is rotated: by another token, or by another secret. */
export const ROTATIONS = ["replace", "in-place"] as const;
/** How long the old secret of a token works on beside the new one, where nobody said. */
const GRACE_SECONDS = 3600;
/** The shortest `expiresIn`: the server wants an expiry to lie that far ahead. */
export const EXPIRES_IN_MILLISECONDS_MIN = EXPIRY_LEAD_SECONDS_MIN * 1000;
/** Added to the shortest expiry: the server counts from when the request arrives, by its own clock. */
const EXPIRY_SLACK_MILLISECONDS = 30_000;

/** When a token that is made now expires, in whole seconds. */
export function expiryAfter(now: Date, expiresIn: string): string {
  const wanted = parseDuration(expiresIn) ?? 0;
  const span = Math.max(wanted, EXPIRES_IN_MILLISECONDS_MIN + EXPIRY_SLACK_MILLISECONDS);
  return formatTimestamp(new Date(Math.ceil((now.getTime() + span) / 1000) * 1000));
}

/** Whether a token that expires then has done so. */
export function isExpired(expiryDate: unknown, now: Date): boolean {
  return typeof expiryDate === "string" && Date.parse(expiryDate) <= now.getTime();
}

/** Whether it is time to make a new token: the expiry is no further away than `rotateBefore`. */
export function isRotationDue(expiryDate: unknown, rotateBefore: unknown, now: Date): boolean {
  if (typeof expiryDate !== "string" || typeof rotateBefore !== "string") return false;
  const window = parseDuration(rotateBefore) ?? 0;
  return window > 0 && Date.parse(expiryDate) - window <= now.getTime();
}

/** Whether a rotation window covers a token's whole life, so that every run makes a new one. */
export function isAlwaysDue(expiresIn: unknown, rotateBefore: unknown): boolean {
  if (typeof expiresIn !== "string" || typeof rotateBefore !== "string") return false;
  const [life, window] = [parseDuration(expiresIn), parseDuration(rotateBefore)];
  return life !== undefined && window !== undefined && window >= life;
}

/** Whether a token is rotated by a new secret; a name of its own cannot stand beside its successor's. */
export function isInPlace({ name, rotation }: PropertyBag): boolean {
  return rotation === undefined ? name !== undefined : rotation === "in-place";
}

/** How long an old secret works on, in seconds; undefined where the text is no span of time. */
export function graceSeconds(gracePeriod: unknown): number | undefined {
  if (gracePeriod === undefined) return GRACE_SECONDS;
  if (typeof gracePeriod !== "string") return undefined;
  if (/^0[smhdw]$/.test(gracePeriod)) return 0;
  const span = parseDuration(gracePeriod);
  return span === undefined ? undefined : span / 1000;
}
