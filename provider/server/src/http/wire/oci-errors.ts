import type { Reason, RegistryError } from "../../domain/errors.ts";

/** The error codes of distribution-spec 1.1, "Error Codes", and of Docker Registry HTTP API v2 where that has more. */
type OciCode =
  | "BLOB_UNKNOWN"
  | "BLOB_UPLOAD_INVALID"
  | "BLOB_UPLOAD_UNKNOWN"
  | "DIGEST_INVALID"
  | "MANIFEST_BLOB_UNKNOWN"
  | "MANIFEST_INVALID"
  | "MANIFEST_UNKNOWN"
  | "NAME_INVALID"
  | "NAME_UNKNOWN"
  | "PAGINATION_NUMBER_INVALID"
  | "SIZE_INVALID"
  | "TAG_INVALID"
  | "UNAUTHORIZED"
  | "DENIED"
  | "UNSUPPORTED"
  | "TOOMANYREQUESTS"
  | "UNAVAILABLE"
  | "UNKNOWN";

interface OciAnswer {
  readonly status: number;
  readonly code: OciCode;
}

const MANAGEMENT_ONLY = { status: 400, code: "UNSUPPORTED" } as const;

/** What each refusal is on the distribution API. */
export const OCI_ANSWERS = {
  "digest-invalid": { status: 400, code: "DIGEST_INVALID" },
  "digest-mismatch": { status: 400, code: "DIGEST_INVALID" },
  "repository-name-invalid": { status: 400, code: "NAME_INVALID" },
  "tag-invalid": { status: 400, code: "TAG_INVALID" },
  "registry-unknown": { status: 404, code: "NAME_UNKNOWN" },
  "repository-unknown": { status: 404, code: "NAME_UNKNOWN" },
  "blob-unknown": { status: 404, code: "BLOB_UNKNOWN" },
  "blob-damaged": { status: 500, code: "UNKNOWN" },
  "manifest-unknown": { status: 404, code: "MANIFEST_UNKNOWN" },
  "manifest-invalid": { status: 400, code: "MANIFEST_INVALID" },
  "manifest-too-large": { status: 413, code: "MANIFEST_INVALID" },
  "manifest-media-type-unsupported": { status: 400, code: "MANIFEST_INVALID" },
  "manifest-reference-unknown": { status: 404, code: "MANIFEST_BLOB_UNKNOWN" },
  "tags-exhausted": { status: 414, code: "TAG_INVALID" },
  "upload-unknown": { status: 404, code: "BLOB_UPLOAD_UNKNOWN" },
  "upload-gap": { status: 416, code: "BLOB_UPLOAD_INVALID" },
  "upload-size-mismatch": { status: 400, code: "SIZE_INVALID" },
  "upload-busy": { status: 409, code: "BLOB_UPLOAD_INVALID" },
  "uploads-exhausted": { status: 429, code: "TOOMANYREQUESTS" },
  "range-invalid": { status: 400, code: "BLOB_UPLOAD_INVALID" },
  "range-not-satisfiable": { status: 416, code: "SIZE_INVALID" },
  "page-invalid": { status: 400, code: "PAGINATION_NUMBER_INVALID" },
  "credentials-missing": { status: 401, code: "UNAUTHORIZED" },
  "credentials-invalid": { status: 401, code: "UNAUTHORIZED" },
  "credentials-insufficient": { status: 401, code: "UNAUTHORIZED" },
  "access-denied": { status: 403, code: "DENIED" },
  "identity-without-role": { status: 403, code: "DENIED" },
  "address-refused": { status: 403, code: "DENIED" },
  "sign-in-slowed": { status: 429, code: "TOOMANYREQUESTS" },
  "too-many-requests": { status: 429, code: "TOOMANYREQUESTS" },
  "input-invalid": MANAGEMENT_ONLY,
  "registry-name-taken": MANAGEMENT_ONLY,
  "registry-ports-exhausted": MANAGEMENT_ONLY,
  "registry-immutable": MANAGEMENT_ONLY,
  "registry-protected": MANAGEMENT_ONLY,
  "registry-changed": MANAGEMENT_ONLY,
  "scanning-cannot-be-disabled": MANAGEMENT_ONLY,
  "location-unknown": MANAGEMENT_ONLY,
  "token-unknown": MANAGEMENT_ONLY,
  "token-name-taken": MANAGEMENT_ONLY,
  "token-immutable": MANAGEMENT_ONLY,
  "scope-unknown": MANAGEMENT_ONLY,
  "vulnerability-unknown": MANAGEMENT_ONLY,
  "scopes-exhausted": MANAGEMENT_ONLY,
  "expiry-too-soon": MANAGEMENT_ONLY,
  "collection-unknown": MANAGEMENT_ONLY,
  "user-unknown": MANAGEMENT_ONLY,
  "current-password-wrong": MANAGEMENT_ONLY,
  "user-email-taken": MANAGEMENT_ONLY,
  "user-changed": MANAGEMENT_ONLY,
  "owner-last": MANAGEMENT_ONLY,
  "organization-name-taken": MANAGEMENT_ONLY,
  "route-unknown": { status: 404, code: "NAME_UNKNOWN" },
  "path-invalid": { status: 400, code: "NAME_INVALID" },
  "request-ambiguous": { status: 400, code: "UNSUPPORTED" },
  "origin-refused": { status: 403, code: "DENIED" },
  "method-unsupported": { status: 405, code: "UNSUPPORTED" },
  "body-invalid": { status: 400, code: "UNSUPPORTED" },
  "body-too-large": { status: 413, code: "SIZE_INVALID" },
  "storage-full": { status: 507, code: "UNAVAILABLE" },
  "service-unavailable": { status: 503, code: "UNAVAILABLE" },
} as const satisfies Record<Reason, OciAnswer>;

/** The body of a refusal (distribution-spec 1.1, "Error Codes"). */
export function ociErrorBody(code: OciCode, message: string, detail: unknown): string {
  return JSON.stringify({ errors: [{ code, message, detail }] });
}

/** The body of a fault of ours: it says only where the log has more. */
export function ociFaultBody(requestId: string): string {
  const message = `the registry failed to handle this request; its log has more under request id ${requestId}`;
  return ociErrorBody("UNKNOWN", message, { requestId });
}

/** Status and body of a refusal on the distribution API. */
export function ociAnswer(error: RegistryError): {
  readonly status: number;
  readonly body: string;
} {
  const { status, code } = OCI_ANSWERS[error.reason];
  return { status, body: ociErrorBody(code, error.message, error.detail) };
}
