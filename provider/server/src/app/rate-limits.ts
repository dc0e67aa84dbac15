import type { AnonymousPrincipal, Principal } from "../domain/access.ts";
import { clientOf } from "../domain/client-address.ts";
import { RegistryError } from "../domain/errors.ts";
import type { Rate } from "../domain/rate.ts";
import type { Clock } from "../ports/clock.ts";
import type { Count, Tally } from "../ports/tally.ts";

/*
 * What counts against the limit of an address:
 *
 *   a request without valid credentials that is served: a pull from a public registry, a bearer token for nobody
 *   a request to the management API without credentials
 *   credentials that are wrong, or no longer valid
 *
 * and what does not:
 *
 *   any request with valid credentials
 *   a challenge: the 401 of the distribution API to a request without credentials, or with a bearer token that was good and has expired.
 *   Clients begin with such requests whoever they are, nothing is looked up or hashed for them, and an address that is over its limit
 *   still gets them: so a neighbour behind the same address cannot keep somebody with credentials out.
 *   probes of health
 */

interface Parts {
  readonly tally: Tally;
  readonly clock: Clock;
  /** For callers without valid credentials, by address; absent: no limit. */
  readonly anonymous: Rate | undefined;
  /** For callers with valid credentials, by who they are; absent: no limit. */
  readonly authenticated: Rate | undefined;
}

/** Limits how many requests callers make. */
export class RateLimits {
  readonly #parts: Parts;

  constructor(parts: Parts) {
    this.#parts = parts;
  }

  /**
   * Counts a request of somebody without valid credentials, before anything is served. `undefined`: there is no limit, or the address is not
   * known. `cause`: what the request was, for the audit log.
   * @throws RegistryError `too-many-requests`
   */
  visit(address: string | undefined, cause?: unknown): void {
    const { tally, clock, anonymous } = this.#parts;
    if (anonymous !== undefined && address !== undefined) {
      expectWithin(tally.take(anonymous, clientOf(address), clock.now()), anonymous, cause);
    }
  }

  /** How an address stands, without counting; `undefined` where there is no limit. */
  standing(address: string): Count | undefined {
    const { tally, clock, anonymous } = this.#parts;
    return anonymous && tally.look(anonymous, clientOf(address), clock.now());
  }

  /**
   * Counts a request with valid credentials.
   * @throws RegistryError `too-many-requests`
   */
  call(principal: Principal): void {
    const { tally, clock, authenticated } = this.#parts;
    if (authenticated !== undefined && principal.kind !== "anonymous") {
      expectWithin(tally.take(authenticated, keyOf(principal), clock.now()), authenticated);
    }
  }
}

function keyOf(principal: Exclude<Principal, AnonymousPrincipal>): string {
  switch (principal.kind) {
    case "user":
      return principal.userId;
    case "token":
      return principal.tokenId;
    case "workload":
      return principal.identity.id;
    default:
      return principal satisfies never;
  }
}

function expectWithin({ isWithin, waitMilliseconds }: Count, rate: Rate, cause?: unknown): void {
  if (!isWithin) {
    throw tooManyRequests(waitMilliseconds, rate, cause);
  }
}

export function tooManyRequests(
  waitMilliseconds: number,
  rate: Rate,
  cause?: unknown,
): RegistryError {
  const detail = {
    countMax: rate.countMax,
    windowSeconds: Math.ceil(rate.windowMilliseconds / 1000),
    retryAfterSeconds: Math.max(Math.ceil(waitMilliseconds / 1000), 1),
  };
  return new RegistryError("too-many-requests", detail, { cause });
}
