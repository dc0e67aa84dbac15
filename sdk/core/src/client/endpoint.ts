import { ClientError } from "./client-error.ts";

const PREFIX = "/containerregistries";

/**
 * The base of all management calls, without a slash at its end. Both forms of an endpoint are
 * understood: the server's own address, and the address with `/containerregistries` after it.
 */
export function apiBase(endpoint: string): string {
  const url = URL.canParse(endpoint) ? new URL(endpoint) : undefined;
  if (url === undefined || (url.protocol !== "http:" && url.protocol !== "https:")) {
    throw new ClientError(
      "settings",
      "the endpoint must be an address with http:// or https://, such as http://127.0.0.1:5000",
    );
  }
  if (url.username !== "" || url.password !== "") {
    // Endpoints are shown in messages and logs; credentials must not be.
    throw new ClientError(
      "settings",
      "the endpoint must not contain credentials: give the user name and password separately",
    );
  }
  if (url.search !== "" || url.hash !== "") {
    throw new ClientError("settings", "the endpoint must be an address without ? and #");
  }
  const path = url.pathname.replace(/\/+$/, "");
  return `${url.origin}${path.endsWith(PREFIX) ? path : path + PREFIX}`;
}
