import type { Endpoint } from "../load/endpoint.ts";

const USERNAME = "bench";
const PASSWORD = "benchmark-secret";

/** For peers that protect themselves by `htpasswd`: bcrypt of the password at the cost that `htpasswd -B` takes by default. */
export const HTPASSWD = `${USERNAME}:$2b$05$abcdefghijklmnopqrstuuVqQvWp5MtEOAm8Z99r/Lwx6o2UBk61.\n`;

/** What a peer is asked with. */
export function credentialsOf(hasPasswords: boolean): Endpoint["credentials"] {
  return hasPasswords
    ? { kind: "basic", username: USERNAME, password: PASSWORD }
    : { kind: "none" };
}
