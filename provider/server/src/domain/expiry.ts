import { RegistryError } from "./errors.ts";
import type { Instant } from "./ids.ts";
import { TOKEN_EXPIRY_AHEAD_MILLISECONDS_MIN } from "./limits.ts";

/**
 * A new expiry date must leave time to use the token. One that a token has already may stay, however near it is: clients send the
 * whole token back to change something else.
 * @throws RegistryError `expiry-too-soon`
 */
export function expectExpiryAhead(
  expiresAt: Instant | undefined,
  before: Instant | undefined,
  now: Instant,
): void {
  if (expiresAt === undefined || expiresAt === before) {
    return;
  }
  if (expiresAt < now + TOKEN_EXPIRY_AHEAD_MILLISECONDS_MIN) {
    throw new RegistryError("expiry-too-soon", { expiryDate: new Date(expiresAt).toISOString() });
  }
}
