import type { Credentials } from "../../app/authenticate.ts";

/**
 * Reads an `Authorization` header: `Basic` (RFC 7617) or `Bearer` (RFC 6750). What cannot be read counts as wrong credentials, not as
 * none, so that a garbled header never passes for an anonymous request.
 */
export function parseAuthorization(header: string | undefined): Credentials {
  if (header === undefined || header === "") {
    return { kind: "none" };
  }
  const space = header.indexOf(" ");
  const scheme = header.slice(0, space < 0 ? undefined : space).toLowerCase();
  const value = space < 0 ? "" : header.slice(space + 1).trim();
  switch (scheme) {
    case "basic":
      return parseBasic(value);
    case "bearer":
      return { kind: "bearer", bearer: value };
    default:
      return { kind: "bearer", bearer: "" };
  }
}

function parseBasic(value: string): Credentials {
  const text = Buffer.from(value, "base64").toString("utf8");
  const colon = text.indexOf(":");
  return {
    kind: "basic",
    username: text.slice(0, Math.max(colon, 0)),
    password: colon < 0 ? "" : text.slice(colon + 1),
  };
}
