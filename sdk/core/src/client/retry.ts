/** Tries of one call at most, the first one included. */
export const TRIES_MAX = 4;
/** The first wait between two tries; each further one is up to twice as long. */
export const RETRY_WAIT_MILLISECONDS = 200;
/** The longest wait that the client chooses itself. */
export const RETRY_WAIT_MILLISECONDS_MAX = 10_000;
/** The longest `Retry-After` that is waited for; a longer one fails the call at once. */
export const RETRY_AFTER_MILLISECONDS_MAX = 60_000;

const RETRIED_STATUSES = new Set([429, 502, 503, 504]);

/** Failures that happen before a byte of the request has been sent. */
const UNSENT = new Set([
  "ECONNREFUSED",
  "ENOTFOUND",
  "EAI_AGAIN",
  "EHOSTUNREACH",
  "ENETUNREACH",
  "UND_ERR_CONNECT_TIMEOUT",
]);

/**
 * Whether a call may be repeated when nobody knows if the server carried it out. A call that makes a
 * secret may not: the secret stood in the answer that was lost.
 */
export type Repeatability = "repeatable" | "once";

/** Whether an answer with this status is worth another try. */
export function isRetriedStatus(status: number, repeatability: Repeatability): boolean {
  // 429 is answered instead of doing the work, so even a POST can be repeated; a 5xx may come after it.
  return status === 429 || (repeatability === "repeatable" && RETRIED_STATUSES.has(status));
}

/** Whether a failure without an answer is worth another try. */
export function isRetriedFailure(failureCode: string, repeatability: Repeatability): boolean {
  return repeatability === "repeatable" || UNSENT.has(failureCode);
}

/**
 * How long to wait before the next try, in milliseconds; undefined: do not try again.
 * @param tried how often the call has been tried
 * @param retryAfter the `Retry-After` header of the answer, seconds or a date
 * @param random a number from 0 to 1, which spreads clients that failed together
 */
export function retryWait(
  tried: number,
  retryAfter: string | undefined,
  now: number,
  random: number,
): number | undefined {
  if (tried >= TRIES_MAX) return undefined;
  const asked = askedWait(retryAfter, now);
  if (asked !== undefined) return asked <= RETRY_AFTER_MILLISECONDS_MAX ? asked : undefined;
  const whole = Math.min(RETRY_WAIT_MILLISECONDS * 2 ** (tried - 1), RETRY_WAIT_MILLISECONDS_MAX);
  return Math.round(whole / 2 + (whole / 2) * random);
}

function askedWait(retryAfter: string | undefined, now: number): number | undefined {
  if (retryAfter === undefined) return undefined;
  if (/^\d{1,9}$/.test(retryAfter)) return Number(retryAfter) * 1000;
  const date = Date.parse(retryAfter);
  return Number.isNaN(date) ? undefined : Math.max(0, date - now);
}
