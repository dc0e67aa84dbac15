import { createHash } from "node:crypto";
import type { JWTPayload } from "jose";
import type { Identity } from "../../domain/identity.ts";
import { claimsThatCount, type IdentityProvider } from "../../domain/identity-provider.ts";
import { parseUuid, type UserId } from "../../domain/ids.ts";
import {
  IDENTITY_CLOCK_SKEW_SECONDS,
  IDENTITY_NAME_LENGTH_MAX,
  IDENTITY_SUBJECT_LENGTH_MAX,
} from "../../domain/limits.ts";

/** Reads a verified JWT; `undefined`: its subject or its expiry cannot be used. */
export function identityOf(provider: IdentityProvider, payload: JWTPayload): Identity | undefined {
  const { issuer } = provider;
  const audience = audienceOf(provider, payload);
  const { sub: subject, exp = 0 } = payload;
  const expiresAt = (Math.floor(exp) + IDENTITY_CLOCK_SKEW_SECONDS) * 1000;
  if (
    audience === undefined ||
    typeof subject !== "string" ||
    !isPlainText(subject, IDENTITY_SUBJECT_LENGTH_MAX) ||
    !Number.isSafeInteger(expiresAt)
  ) {
    return undefined;
  }
  const claims = claimsThatCount(provider, (name) => claimValues(payload, name));
  const name = nameOf(provider, payload) ?? subject;
  return { id: idOf(issuer, subject), issuer, audience, subject, name, claims, expiresAt };
}

/** The first of a JWT's audiences that a provider is configured with. */
export function audienceOf(
  { audiences }: Pick<IdentityProvider, "audiences">,
  { aud }: JWTPayload,
): string | undefined {
  return audiences.find((audience) =>
    Array.isArray(aud) ? aud.includes(audience) : aud === audience,
  );
}

/**
 * A claim as texts. A name with dots that is no claim's name leads into objects: `realm_access.roles`. Numbers and truth values count as
 * they are written; what is none of these is left out.
 */
export function claimValues(payload: object, name: string): readonly string[] {
  const value =
    ownValue(payload, name) ??
    name.split(".").reduce<unknown>((object, step) => ownValue(object, step), payload);
  return (Array.isArray(value) ? value : [value]).flatMap((each: unknown) => textOf(each));
}

function ownValue(object: unknown, name: string): unknown {
  const isObject = typeof object === "object" && object !== null && !Array.isArray(object);
  return isObject && Object.hasOwn(object, name) ? Reflect.get(object, name) : undefined;
}

function textOf(value: unknown): string[] {
  const isText = typeof value === "string";
  return isText || typeof value === "number" || typeof value === "boolean" ? [String(value)] : [];
}

/** An address that the provider itself doubts is not shown as somebody's name. */
function nameOf({ emailClaim }: IdentityProvider, payload: JWTPayload): string | undefined {
  const [name] = claimValues(payload, emailClaim);
  const isUsable = name !== undefined && isPlainText(name, IDENTITY_NAME_LENGTH_MAX);
  return isUsable && payload["email_verified"] !== false ? name : undefined;
}

function isPlainText(text: string, lengthMax: number): boolean {
  return text !== "" && text.length <= lengthMax && !/\p{Cc}/u.test(text);
}

/** A name-based UUID (RFC 9562, section 5.8), from SHA-256. No issuer holds a space, so that no two pairs are one text. */
function idOf(issuer: string, subject: string): UserId {
  const bytes = createHash("sha256").update(`${issuer} ${subject}`).digest().subarray(0, 16);
  bytes.writeUInt8((bytes.readUInt8(6) & 0x0f) | 0x80, 6);
  bytes.writeUInt8((bytes.readUInt8(8) & 0x3f) | 0x80, 8);
  const text = bytes.toString("hex").replace(/^(.{8})(.{4})(.{4})(.{4})/, "$1-$2-$3-$4-");
  const id = parseUuid<UserId>(text);
  if (id === undefined) {
    throw new Error("sixteen bytes did not make a UUID");
  }
  return id;
}
