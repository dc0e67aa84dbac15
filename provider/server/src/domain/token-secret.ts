/**
 * The form of a token's secret: a prefix that secret scanners recognize, and 256 random bits in base64url. The prefix also tells a
 * robot's secret from a person's password, so that neither is ever looked up as the other.
 */
export const TOKEN_SECRET_PREFIX = "mrg_";

const FORM = /^mrg_[A-Za-z0-9_-]{43}$/;

export function isTokenSecret(text: string): boolean {
  return FORM.test(text);
}
