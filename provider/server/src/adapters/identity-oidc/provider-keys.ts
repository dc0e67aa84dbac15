import { createLocalJWKSet, errors, type JWTVerifyGetKey } from "jose";
import { RegistryError } from "../../domain/errors.ts";
import type { Instant } from "../../domain/ids.ts";
import {
  PROVIDER_ANSWER_MILLISECONDS_MAX,
  PROVIDER_COOL_DOWN_MILLISECONDS,
  PROVIDER_KEYS_FRESH_MILLISECONDS,
  PROVIDER_KEYS_STALE_MILLISECONDS_MAX,
} from "../../domain/limits.ts";
import type { Clock } from "../../ports/clock.ts";
import type { EventSink } from "../../ports/event-sink.ts";
import { fetchKeySet } from "./provider-documents.ts";

/*
 * The keys of one provider, in the memory of one worker:
 *
 *   first JWT, or keys older than "fresh" → ask; whoever comes meanwhile waits for the same answer, for seconds at most
 *   no answer                              → the last keys go on while they are not too old; then, and without any: 503
 *   a JWT names a key that is not there    → ask once more: the provider may have rotated
 *   asked less than a cool-down ago        → do not ask, whatever arrives: made-up key ids cannot be used to flood the provider
 */

interface Held {
  readonly find: JWTVerifyGetKey;
  readonly text: string;
  readonly fetchedAt: Instant;
}

export interface ProviderKeysOptions {
  readonly issuer: string;
  readonly clock: Clock;
  readonly events: EventSink;
  /** Headers that go with every request to a provider. */
  readonly headers?: () => Readonly<Record<string, string>>;
  /** For a test, which cannot wait for the limit. */
  readonly answerMillisecondsMax?: number;
}

export class ProviderKeys {
  readonly #options: ProviderKeysOptions;
  #held: Held | undefined;
  #generation = 0;
  #askedAt: Instant | undefined;
  #isDown = false;
  #asking: Promise<void> | undefined;

  constructor(options: ProviderKeysOptions) {
    this.#options = options;
  }

  /** Another number than before: the keys have changed, and what was checked with the old ones must be checked again. */
  get generation(): number {
    return this.#generation;
  }

  /**
   * Makes sure that the keys are of late.
   * @throws RegistryError `service-unavailable`
   */
  async refresh(): Promise<void> {
    if (this.#age() < PROVIDER_KEYS_FRESH_MILLISECONDS) {
      return;
    }
    await this.#ask();
    if (this.#age() >= PROVIDER_KEYS_STALE_MILLISECONDS_MAX) {
      throw unavailable();
    }
  }

  /** Finds the key that a JWT's header names. */
  readonly find: JWTVerifyGetKey = async (header, token) => {
    try {
      return await this.#findHeld(header, token);
    } catch (error) {
      if (!(error instanceof errors.JWKSNoMatchingKey)) {
        throw error;
      }
      await this.#ask();
      if (this.#isDown) {
        throw unavailable();
      }
      return this.#findHeld(header, token);
    }
  };

  #findHeld: JWTVerifyGetKey = (header, token) => {
    if (this.#held === undefined) {
      throw unavailable();
    }
    return this.#held.find(header, token);
  };

  #age(): number {
    const { clock } = this.#options;
    return this.#held === undefined ? Infinity : clock.now() - this.#held.fetchedAt;
  }

  /** Asks the provider, unless that was done just now; never fails, since what is there may do. */
  #ask(): Promise<void> {
    const now = this.#options.clock.now();
    const isCooling =
      this.#askedAt !== undefined &&
      Math.abs(now - this.#askedAt) < PROVIDER_COOL_DOWN_MILLISECONDS;
    if (this.#asking === undefined && !isCooling) {
      this.#askedAt = now;
      this.#asking = this.#fetch().finally(() => {
        this.#asking = undefined;
      });
    }
    return this.#asking ?? Promise.resolve();
  }

  async #fetch(): Promise<void> {
    const {
      issuer,
      clock,
      events,
      headers = () => ({}),
      answerMillisecondsMax = PROVIDER_ANSWER_MILLISECONDS_MAX,
    } = this.#options;
    try {
      const keySet = await fetchKeySet(issuer, answerMillisecondsMax, headers());
      const text = JSON.stringify(keySet);
      if (text !== this.#held?.text) {
        this.#generation++;
      }
      this.#held = { find: createLocalJWKSet(keySet), text, fetchedAt: clock.now() };
      this.#isDown = false;
    } catch (error) {
      this.#isDown = true;
      events.warn("identity-provider-unreachable", { issuer, problem: problemOf(error) });
    }
  }
}

function unavailable(): RegistryError {
  const retryAfterSeconds = PROVIDER_COOL_DOWN_MILLISECONDS / 1000;
  return new RegistryError("service-unavailable", { retryAfterSeconds });
}

/** `fetch` says only that it failed; why stands in the cause. */
function problemOf(error: unknown): string {
  const { message, cause } = error instanceof Error ? error : new Error(String(error));
  return cause instanceof Error ? `${message}: ${cause.message}` : message;
}
