import { clientOf } from "../domain/client-address.ts";
import { RegistryError } from "../domain/errors.ts";
import {
  FAILED_SIGN_INS_MILLISECONDS,
  FAILED_SIGN_INS_OF_ADDRESS_MAX,
  FAILED_SIGN_INS_OF_NAME_MAX,
  FAILED_SIGN_INS_OF_PAIR_MAX,
  KNOWN_PAIR_MILLISECONDS,
  SIGN_IN_SLOWED_EVENT_MILLISECONDS,
  SLOWED_CHECKS_MILLISECONDS,
  SLOWED_CHECKS_OF_ADDRESS_MAX,
  SLOWED_CHECKS_OF_ADDRESS_MILLISECONDS,
  SLOWED_CHECKS_OF_NAME_MAX,
  SLOWED_CHECKS_OF_PAIR_MAX,
  SLOWED_CHECKS_OF_PAIR_MILLISECONDS,
} from "../domain/limits.ts";
import type { Rate } from "../domain/rate.ts";
import type { Clock } from "../ports/clock.ts";
import type { EventSink } from "../ports/event-sink.ts";
import type { Count, Tally } from "../ports/tally.ts";
import type { RateLimits } from "./rate-limits.ts";
import type { RefusalTrace } from "./refusal-trace.ts";

/*
 * Guessing is slowed before a password is hashed. A pair is a user name at an address; it is known for a week after a sign-in.
 *
 *   failed for the pair too often                     one check each 15 seconds, known or not
 *   pair known                                        checked, whatever happens beside it
 *   address over its rate limit, or failed too often  two checks each 10 seconds, all names together
 *   failed for the name too often, from anywhere      some checks each few seconds: guesses from many addresses slow the owner of the name
 *                                                     down at a new address, and nowhere else
 *
 * So nothing that others do locks anybody out, not even from the same address: who waits as told is checked, unless somebody else took the
 * turn, and a neighbour who has given up is over in seconds. Checks under way at the same moment, two for each
 * worker, do not know of each other. A token's secret is no password: it cannot be guessed and costs little to check, so a right one is
 * always taken, and a wrong one counts against the address's rate limit alone.
 */

const rate = (name: string, countMax: number, windowMilliseconds: number): Rate => ({
  name,
  countMax,
  windowMilliseconds,
});

const PAIR = rate("sign-in-pair", FAILED_SIGN_INS_OF_PAIR_MAX, FAILED_SIGN_INS_MILLISECONDS);
const ADDRESS = rate(
  "sign-in-address",
  FAILED_SIGN_INS_OF_ADDRESS_MAX,
  FAILED_SIGN_INS_MILLISECONDS,
);
const NAME = rate("sign-in-name", FAILED_SIGN_INS_OF_NAME_MAX, FAILED_SIGN_INS_MILLISECONDS);
const SLOWED_PAIR = rate(
  "sign-in-slowed-pair",
  SLOWED_CHECKS_OF_PAIR_MAX,
  SLOWED_CHECKS_OF_PAIR_MILLISECONDS,
);
const SLOWED_ADDRESS = rate(
  "sign-in-slowed-address",
  SLOWED_CHECKS_OF_ADDRESS_MAX,
  SLOWED_CHECKS_OF_ADDRESS_MILLISECONDS,
);
const SLOWED_NAME = rate(
  "sign-in-slowed-name",
  SLOWED_CHECKS_OF_NAME_MAX,
  SLOWED_CHECKS_MILLISECONDS,
);
const KNOWN_PAIR = rate("sign-in-known", 1, KNOWN_PAIR_MILLISECONDS);
const EVENT = rate("sign-in-event", 1, SIGN_IN_SLOWED_EVENT_MILLISECONDS);

/** Somebody who presents a name and a password. */
export interface Attempt {
  readonly name: string;
  /** Absent where a caller has none: then nothing is slowed. */
  readonly address: string | undefined;
  /** For the audit log. */
  readonly trace?: RefusalTrace | undefined;
}

interface Parts {
  readonly tally: Tally;
  readonly clock: Clock;
  readonly events: EventSink;
  readonly rateLimits: RateLimits;
}

type Cause = "pair" | "address" | "name";

export class SignInGuard {
  readonly #parts: Parts;

  constructor(parts: Parts) {
    this.#parts = parts;
  }

  /**
   * To be asked before a password is hashed.
   * @throws RegistryError `sign-in-slowed`
   */
  expectTry(attempt: Attempt): void {
    const { address, name } = attempt;
    if (address === undefined) {
      return;
    }
    const { rateLimits } = this.#parts;
    const pair = pairOf(attempt);
    if (!this.#look(PAIR, pair).isWithin) {
      this.#expectWithin(this.#take(SLOWED_PAIR, pair), "pair", attempt);
    }
    if (!this.#look(KNOWN_PAIR, pair).isWithin) {
      return;
    }
    const client = clientOf(address);
    const isOverRate = rateLimits.standing(address)?.isWithin === false;
    if (isOverRate || !this.#look(ADDRESS, client).isWithin) {
      this.#expectWithin(this.#take(SLOWED_ADDRESS, client), "address", attempt);
    }
    if (!this.#look(NAME, keyOfName(name)).isWithin) {
      this.#expectWithin(this.#take(SLOWED_NAME, keyOfName(name)), "name", attempt);
    }
  }

  /** Counts a password that was found wrong. */
  failed(attempt: Attempt): void {
    const { address, name } = attempt;
    if (address !== undefined) {
      this.#take(ADDRESS, clientOf(address));
      this.#take(NAME, keyOfName(name));
      this.#take(PAIR, pairOf(attempt));
    }
  }

  /** Remembers a sign-in by password. */
  succeeded(attempt: Attempt): void {
    if (attempt.address !== undefined && this.#look(KNOWN_PAIR, pairOf(attempt)).isWithin) {
      this.#take(KNOWN_PAIR, pairOf(attempt));
    }
  }

  #look(of: Rate, key: string): Count {
    return this.#parts.tally.look(of, key, this.#parts.clock.now());
  }

  #take(of: Rate, key: string): Count {
    return this.#parts.tally.take(of, key, this.#parts.clock.now());
  }

  #expectWithin(count: Count, cause: Cause, attempt: Attempt): void {
    if (count.isWithin) {
      return;
    }
    const retryAfterSeconds = Math.max(Math.ceil(count.waitMilliseconds / 1000), 1);
    this.#tell(cause, attempt, retryAfterSeconds);
    throw new RegistryError("sign-in-slowed", { retryAfterSeconds }, { cause: attempt.trace });
  }

  /** Not for every guess: a log that guesses can fill is no log. */
  #tell(cause: Cause, { name, address = "" }: Attempt, retryAfterSeconds: number): void {
    const key = `${cause} ${cause === "name" ? keyOfName(name) : clientOf(address)}`;
    if (this.#take(EVENT, key).isWithin) {
      const username = name.slice(0, 100);
      const fields = { cause, username, remote: address, retryAfterSeconds };
      this.#parts.events.warn("sign-in-slowed", fields);
    }
  }
}

function pairOf({ name, address = "" }: Attempt): string {
  return `${clientOf(address)} ${keyOfName(name)}`;
}

function keyOfName(name: string): string {
  return name.toLowerCase();
}
