import type { Grant } from "../domain/access.ts";
import type { Identity } from "../domain/identity.ts";

/** What a bearer token says (Docker token authentication, "JWT"): who it was issued to and for what; never what they may do now. */
export interface BearerClaims {
  /** `user:<id>`, `token:<id>`, `identity:<id>` or `anonymous`. */
  readonly subject: string;
  /** Who it was issued to, where an identity provider vouches for them and no row tells of them. */
  readonly identity?: Identity | undefined;
  /** Tells what was presented for it from what may be presented by now; see `Principal`. */
  readonly credentialsMark?: string | undefined;
  readonly grant: Grant;
}

/** Signs and checks the server's own bearer tokens. */
export interface TokenSigner {
  /** A compact JWT that expires `lifetimeSeconds` from now. */
  sign(claims: BearerClaims, lifetimeSeconds: number): Promise<string>;
  /** `undefined`: not one of ours, altered, or expired for more than `graceSeconds` (0 where left out). */
  verify(bearer: string, graceSeconds?: number): Promise<BearerClaims | undefined>;
}
