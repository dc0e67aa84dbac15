import type { Identity } from "../domain/identity.ts";

/** Checks JWTs of the identity providers that the server is configured with. */
export interface IdentityVerifier {
  /**
   * Who a JWT speaks for. `undefined`: the text is no JWT, or says to come from an issuer that is not configured; it may be credentials of
   * another kind. What was checked once may come from memory, so `expiresAt` is the caller's to compare.
   * @throws RegistryError `credentials-invalid`: it is not what it says, not for this server, or not valid now; `service-unavailable`: the
   *   provider's keys cannot be had
   */
  verify(jwt: string): Promise<Identity | undefined>;
}
