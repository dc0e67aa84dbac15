/**
 * Expected refusals, in the registry's own words. Which HTTP status and which code a reason becomes is decided by the two
 * tables in `http/wire`, one for each API. What is not a `RegistryError` is a fault of ours and ends as a 500.
 */
export interface RefusalDetails {
  // Names and content.
  "digest-invalid": { readonly digest: string };
  "digest-mismatch": { readonly expected: string; readonly actual: string };
  "repository-name-invalid": { readonly name: string };
  "tag-invalid": { readonly tag: string };
  "registry-unknown": { readonly registry: string };
  "repository-unknown": { readonly repository: string };
  "blob-unknown": { readonly digest: string };
  "blob-damaged": { readonly digest: string };
  "manifest-unknown": { readonly reference: string };
  "manifest-invalid": { readonly problem: string };
  "manifest-too-large": { readonly bytesMax: number };
  "manifest-media-type-unsupported": { readonly mediaType: string };
  "manifest-reference-unknown": { readonly digests: readonly string[] };
  "tags-exhausted": { readonly tagsMax: number };
  "upload-unknown": { readonly uploadId: string };
  "upload-gap": { readonly offset: number; readonly start: number };
  "upload-size-mismatch": { readonly expected: number; readonly actual: number };
  "upload-busy": { readonly uploadId: string };
  "uploads-exhausted": { readonly uploadsMax: number };
  "range-invalid": { readonly range: string };
  "range-not-satisfiable": { readonly range: string; readonly size: number };
  "page-invalid": { readonly parameter: string; readonly expected: string };

  // Who and whether.
  "credentials-missing": Record<never, never>;
  "credentials-invalid": Record<never, never>;
  "credentials-insufficient": Record<never, never>;
  "access-denied": { readonly action: string; readonly resource: string };
  "current-password-wrong": Record<string, never>;
  "identity-without-role": Record<never, never>;
  "address-refused": { readonly registry: string; readonly address: string };
  "sign-in-slowed": { readonly retryAfterSeconds: number };
  "too-many-requests": {
    readonly countMax: number;
    readonly windowSeconds: number;
    readonly retryAfterSeconds: number;
  };

  // Management.
  /** `code` names each problem for programs: `invalid-name`, `unknown-field`. */
  "input-invalid": {
    readonly problems: readonly { readonly code: string; readonly message: string }[];
  };
  "registry-name-taken": { readonly name: string };
  "registry-ports-exhausted": { readonly from: number; readonly to: number };
  "registry-immutable": { readonly field: string };
  "registry-protected": { readonly registry: string };
  "registry-changed": { readonly registry: string };
  "scanning-cannot-be-disabled": { readonly registry: string };
  "location-unknown": { readonly location: string; readonly locations: readonly string[] };
  "token-unknown": { readonly token: string };
  "token-name-taken": { readonly name: string };
  "token-immutable": { readonly field: string };
  "scope-unknown": { readonly scope: string };
  "vulnerability-unknown": { readonly vulnerability: string };
  "scopes-exhausted": { readonly scopesMax: number };
  "expiry-too-soon": { readonly expiryDate: string };
  "collection-unknown": { readonly run: string };

  // People.
  "user-unknown": { readonly user: string };
  "user-email-taken": { readonly email: string };
  "user-changed": { readonly user: string };
  "owner-last": { readonly user: string };
  "organization-name-taken": { readonly name: string };

  // Transport.
  "route-unknown": { readonly method: string; readonly path: string };
  "path-invalid": { readonly path: string };
  "request-ambiguous": { readonly problem: string };
  "origin-refused": { readonly origin: string };
  "method-unsupported": { readonly method: string; readonly path: string };
  "body-invalid": { readonly problem: string };
  "body-too-large": { readonly bytesMax: number };
  "storage-full": Record<never, never>;
  "service-unavailable": { readonly retryAfterSeconds: number };
}

export type Reason = keyof RefusalDetails;

/** A refusal that a client caused, or can wait out. Switch on `reason`, never on `message`. */
export class RegistryError<R extends Reason = Reason> extends Error {
  readonly reason: R;
  readonly detail: RefusalDetails[R];

  constructor(reason: R, detail: RefusalDetails[R], options?: { readonly cause?: unknown }) {
    super(SENTENCES[reason](detail), options);
    this.name = "RegistryError";
    this.reason = reason;
    this.detail = detail;
  }
}

/** Narrows an unknown failure to one refusal. */
export function isRefusal<R extends Reason>(error: unknown, reason: R): error is RegistryError<R> {
  return error instanceof RegistryError && error.reason === reason;
}

/** After how many seconds a refused client should come back, where waiting helps: for the header `Retry-After`. */
export function retryAfterOf(error: RegistryError): number | undefined {
  return "retryAfterSeconds" in error.detail ? error.detail.retryAfterSeconds : undefined;
}

/** What each refusal says: what was wrong, then what would be right. */
const SENTENCES: { readonly [R in Reason]: (detail: RefusalDetails[R]) => string } = {
  "digest-invalid": ({ digest }) =>
    `${quote(digest)} is not a digest; expected sha256:<64 hexadecimal digits> or sha512:<128 hexadecimal digits>, in lower case`,
  "digest-mismatch": ({ expected, actual }) =>
    `the content has digest ${actual}, not the ${quote(expected)} that the request names`,
  "repository-name-invalid": ({ name }) =>
    name === ""
      ? "the repository's name is missing; where registries share a host name, it stands behind the registry's: <registry>/<repository>"
      : `${quote(name)} is not a repository name; expected lower-case letters, digits and single separators (. _ __ -) in components divided by "/", 255 characters at most`,
  "tag-invalid": ({ tag }) =>
    `${quote(tag)} is not a tag; expected up to 128 letters, digits, "_", "." and "-", not starting with "." or "-"`,
  "registry-unknown": ({ registry }) => `there is no registry ${quote(registry)}`,
  "repository-unknown": ({ repository }) => `there is no repository ${quote(repository)}`,
  "blob-unknown": ({ digest }) => `the repository has no blob ${quote(digest)}`,
  "blob-damaged": ({ digest }) =>
    `the stored bytes of blob ${quote(digest)} are damaged; push the blob again, and they are replaced`,
  "manifest-unknown": ({ reference }) => `the repository has no manifest ${quote(reference)}`,
  "manifest-invalid": ({ problem }) => `the manifest is not valid: ${problem}`,
  "manifest-too-large": ({ bytesMax }) => `the manifest is larger than ${bytesMax} bytes`,
  "manifest-media-type-unsupported": ({ mediaType }) =>
    `${quote(mediaType)} is not a manifest's media type that this registry takes; expected an OCI image manifest or index, or a Docker schema 2 manifest or manifest list`,
  "manifest-reference-unknown": ({ digests }) =>
    `the manifest refers to what the repository does not have: ${digests.slice(0, 10).join(", ")}; push it first`,
  "tags-exhausted": ({ tagsMax }) => `one push takes at most ${tagsMax} tags`,
  "upload-unknown": ({ uploadId }) =>
    `there is no upload ${quote(uploadId)}; it was finished, cancelled or has expired: start a new one`,
  "upload-gap": ({ offset, start }) =>
    `the upload has ${offset} bytes, so the next chunk starts at ${offset}, not at ${start}`,
  "upload-size-mismatch": ({ expected, actual }) =>
    `the request announced ${expected} bytes and carried ${actual}`,
  "upload-busy": ({ uploadId }) =>
    `another request is writing to upload ${quote(uploadId)}; wait for it to end`,
  "uploads-exhausted": ({ uploadsMax }) =>
    `the registry has ${uploadsMax} uploads under way, as many as it takes; finish or cancel some`,
  "range-invalid": ({ range }) => `${quote(range)} is not a range; expected <first>-<last>`,
  "range-not-satisfiable": ({ range, size }) =>
    `the range ${quote(range)} lies outside the ${size} bytes of the blob`,
  "page-invalid": ({ parameter, expected }) =>
    `the query parameter ${quote(parameter)} must be ${expected}`,
  "credentials-missing": () =>
    "authentication is required: send a user's or a token's name and password, or a bearer token",
  "credentials-invalid": () => "the credentials are wrong, or no longer valid",
  "credentials-insufficient": () =>
    "the bearer token does not cover this; ask the token endpoint for the scope named in the challenge",
  "current-password-wrong": () =>
    "currentPassword is not the password that you have now; nothing was changed",
  "access-denied": ({ action, resource }) =>
    `the credentials do not allow ${action} on ${resource}`,
  "identity-without-role": () =>
    "the identity provider's token is good, but its claims give no role here and match no rule of a pipeline; ask whoever runs this server to map them",
  "address-refused": ({ registry, address }) =>
    `the registry ${quote(registry)} takes no requests from ${address}; apiSubnetAllowList names the addresses that it takes them from`,
  "sign-in-slowed": ({ retryAfterSeconds }) =>
    `too many wrong passwords were sent; try again in ${retryAfterSeconds} seconds`,
  "too-many-requests": ({ countMax, windowSeconds, retryAfterSeconds }) =>
    `more than ${countMax} requests within ${windowSeconds} seconds; try again in ${retryAfterSeconds} seconds, or send valid credentials`,
  "input-invalid": ({ problems }) => problems.map(({ message }) => message).join("; "),
  "registry-name-taken": ({ name }) =>
    `the registry name ${quote(name)} is taken; names are unique over all organizations`,
  "registry-ports-exhausted": ({ from, to }) =>
    `every port from ${from} to ${to} belongs to a registry; delete a registry, or have the operator widen MOORAGE_REGISTRY_PORTS`,
  "registry-immutable": ({ field }) =>
    `a registry's ${field} cannot be changed; create another registry instead`,
  "registry-protected": ({ registry }) =>
    `the registry ${quote(registry)} is protected from deletion; set deletionProtection to false first`,
  "registry-changed": ({ registry }) =>
    `the registry ${quote(registry)} was changed by somebody else; read it again and repeat the request with its new ETag`,
  "scanning-cannot-be-disabled": ({ registry }) =>
    `vulnerability scanning of registry ${quote(registry)} is enabled and cannot be disabled again`,
  "location-unknown": ({ location, locations }) =>
    `there is no location ${quote(location)}; expected one of ${locations.join(", ")}`,
  "token-unknown": ({ token }) => `the registry has no token ${quote(token)}`,
  "token-name-taken": ({ name }) => `the registry already has a token named ${quote(name)}`,
  "token-immutable": ({ field }) =>
    `a token's ${field} cannot be changed; create another token instead`,
  "scope-unknown": ({ scope }) => `the token has no scope ${quote(scope)}`,
  "vulnerability-unknown": ({ vulnerability }) =>
    `no vulnerability ${quote(vulnerability)} is known`,
  "scopes-exhausted": ({ scopesMax }) => `a token has at most ${scopesMax} scopes`,
  "expiry-too-soon": ({ expiryDate }) =>
    `the expiry date ${expiryDate} is less than one hour ahead; give a later one`,
  "collection-unknown": ({ run }) => `the registry has no garbage collection ${quote(run)}`,
  "user-unknown": ({ user }) => `there is no user ${quote(user)}`,
  "user-email-taken": ({ email }) =>
    `the e-mail address ${quote(email)} is taken; addresses are unique over all organizations`,
  "user-changed": ({ user }) =>
    `the user ${quote(user)} was changed by somebody else; read it again and repeat the request with its new ETag`,
  "owner-last": ({ user }) =>
    `${quote(user)} is the organization's last owner; make somebody else an owner first`,
  "organization-name-taken": ({ name }) => `there is an organization named ${quote(name)} already`,
  "route-unknown": ({ method, path }) => `there is nothing at ${method} ${quote(path)}`,
  "path-invalid": ({ path }) =>
    `the path ${quote(path)} cannot be read: "%" must be followed by two hexadecimal digits, and the bytes must be UTF-8`,
  "request-ambiguous": ({ problem }) => `the request can be read in more than one way: ${problem}`,
  "origin-refused": ({ origin }) =>
    `pages of ${quote(origin)} may not change anything here; MOORAGE_CORS_ORIGINS names those that may`,
  "method-unsupported": ({ method, path }) => `${method} is not supported at ${quote(path)}`,
  "body-invalid": ({ problem }) => `the body cannot be read: ${problem}`,
  "body-too-large": ({ bytesMax }) => `the body is larger than ${bytesMax} bytes`,
  "storage-full": () => "the registry's storage is full; free some space and try again",
  "service-unavailable": ({ retryAfterSeconds }) =>
    `the registry cannot do this now; try again in ${retryAfterSeconds} seconds`,
};

/** Outside text, shortened and with control characters escaped, so that it can stand in a log line or an answer. */
function quote(text: string): string {
  return JSON.stringify(text.length > 300 ? `${text.slice(0, 300)}…` : text);
}
