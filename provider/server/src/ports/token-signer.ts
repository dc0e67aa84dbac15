import type { Grant } from "../domain/access.ts";

/** What a bearer token says (Docker token authentication, "JWT"): who it was issued to and for what; never what they may do now. */
export interface BearerClaims {
  /** `user:<id>`, `token:<id>` or `anonymous`. */
  readonly subject: string;
  readonly grant: Grant;
}

/** Signs and checks the server's own bearer tokens. */
export interface TokenSigner {
  /** A compact JWT that expires `lifetimeSeconds` from now. */
  sign(claims: BearerClaims, lifetimeSeconds: number): Promise<string>;
  /** `undefined`: not one of ours, altered, or expired for more than `graceSeconds` (0 where left out). */
  verify(bearer: string, graceSeconds?: number): Promise<BearerClaims | undefined>;
}
