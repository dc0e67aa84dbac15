import { isRefusal, type RegistryError, retryAfterOf } from "../../domain/errors.ts";

/**
 * When to come back (RFC 9110, "Retry-After"), and what a caller has used up: `RateLimit-Limit` and `RateLimit-Remaining` as registries'
 * clients know them, `500;w=600` for 500 within 600 seconds.
 */
export function retryHeaders(error: RegistryError): Readonly<Record<string, string>> {
  const seconds = retryAfterOf(error);
  if (seconds === undefined) {
    return {};
  }
  if (isRefusal(error, "too-many-requests")) {
    const { countMax, windowSeconds } = error.detail;
    return {
      "Retry-After": String(seconds),
      "RateLimit-Limit": `${countMax};w=${windowSeconds}`,
      "RateLimit-Remaining": `0;w=${windowSeconds}`,
    };
  }
  return { "Retry-After": String(seconds) };
}
