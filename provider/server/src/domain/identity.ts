import type { Instant, UserId } from "./ids.ts";

/** Who an identity provider vouches for: what of a verified JWT counts here. */
export interface Identity {
  /** Made from issuer and subject, so that it is the same whenever they come back. */
  readonly id: UserId;
  readonly issuer: string;
  /** The one of the JWT's audiences that the server is known by. */
  readonly audience: string;
  /** Names the caller, uniquely among those of the issuer. */
  readonly subject: string;
  /** What people call the caller: an e-mail address, or the subject. Decides nothing. */
  readonly name: string;
  /** What roles and rules are decided by, and nothing else of the JWT. */
  readonly claims: Claims;
  /** Until when the JWT is accepted. */
  readonly expiresAt: Instant;
}

/** Claims by name. A claim that is one text is a list of one. */
export type Claims = ReadonlyMap<string, readonly string[]>;
