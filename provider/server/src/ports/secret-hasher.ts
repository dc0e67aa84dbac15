/** Turns secrets into what may be stored. */
export interface SecretHasher {
  /**
   * A keyed hash (HMAC-SHA-256) of a token's secret, by which its row is found: secrets are 256 random bits, so nothing slower is
   * needed, and without the server's key a stolen table is of no use.
   */
  hashTokenSecret(secret: string): string;

  /** A keyed hash of something secret that says nothing about it, but whether it is still the same. */
  fingerprint(secret: string): string;

  /** A slow, salted hash (scrypt, PHC string format) of a person's password. */
  hashPassword(password: string): Promise<string>;

  /**
   * Compares in constant time. Without a hash (nobody of that name, or one who has no password) it takes as long and is `false`. A right
   * answer may be remembered for `PASSWORD_CACHE_MILLISECONDS`, keyed by hash and password. `expectTry` is called when there is work to be
   * done, right before it; what it throws, this throws.
   */
  verifyPassword(
    password: string,
    hash: string | undefined,
    expectTry?: () => void,
  ): Promise<boolean>;
}
