import { createHmac, createSecretKey, type KeyObject } from "node:crypto";
import { BoundedMap } from "../../domain/bounded-map.ts";
import type { Instant } from "../../domain/ids.ts";
import {
  PASSWORD_CACHE_ENTRIES_MAX,
  PASSWORD_CACHE_MILLISECONDS,
  PASSWORD_CHECKS_AT_ONCE_MAX,
  PASSWORD_CHECKS_WAITING_MAX,
} from "../../domain/limits.ts";
import type { Clock } from "../../ports/clock.ts";
import type { SecretHasher } from "../../ports/secret-hasher.ts";
import { hashByScrypt, UNMATCHABLE_HASH, verifyByScrypt } from "./scrypt-hash.ts";
import { Turnstile } from "./turnstile.ts";

/**
 * Hashes tokens' secrets by HMAC-SHA-256 and passwords by scrypt.
 *
 * Every password check, also one for nobody, takes one turn of scrypt; but what was found right within the last minute is answered from
 * memory, and a client that opens eight connections with the same credentials makes one check, not eight. The memory is keyed by an HMAC
 * of hash and password: the password itself is nowhere, and a changed password has another hash and so another entry.
 */
export class ScryptSecretHasher implements SecretHasher {
  readonly #key: KeyObject;
  readonly #clock: Clock;
  readonly #turnstile = new Turnstile(PASSWORD_CHECKS_AT_ONCE_MAX, PASSWORD_CHECKS_WAITING_MAX);
  readonly #rightUntil = new BoundedMap<string, Instant>(PASSWORD_CACHE_ENTRIES_MAX);
  readonly #checks = new Map<string, Promise<boolean>>();

  /** `key` is the installation's own secret: with another one, stored tokens' hashes match nothing. */
  constructor(key: Uint8Array, clock: Clock) {
    this.#key = createSecretKey(key);
    this.#clock = clock;
  }

  hashTokenSecret(secret: string): string {
    return this.#hmac("token", secret);
  }

  fingerprint(secret: string): string {
    return this.#hmac("fingerprint", secret);
  }

  hashPassword(password: string): Promise<string> {
    return this.#turnstile.pass(() => hashByScrypt(password));
  }

  async verifyPassword(
    password: string,
    hash: string | undefined,
    expectTry?: () => void,
  ): Promise<boolean> {
    const expected = hash ?? UNMATCHABLE_HASH;
    const memory = this.#hmac("password", `${expected}\n${password}`);
    if ((this.#rightUntil.get(memory) ?? 0) > this.#clock.now()) {
      return true;
    }
    const running = this.#checks.get(memory);
    if (running !== undefined) {
      try {
        return await running;
      } catch {
        // That was refused to whoever began it; this caller may be let through.
      }
    }
    const check = this.#turnstile.pass(async () => {
      expectTry?.();
      return verifyByScrypt(password, expected);
    });
    this.#checks.set(memory, check);
    try {
      const isRight = await check;
      if (isRight) {
        this.#rightUntil.set(memory, this.#clock.now() + PASSWORD_CACHE_MILLISECONDS);
      }
      return isRight;
    } finally {
      this.#checks.delete(memory);
    }
  }

  #hmac(purpose: string, text: string): string {
    return createHmac("sha256", this.#key).update(`${purpose}\n${text}`).digest("base64url");
  }
}
