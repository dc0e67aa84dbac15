import type { ApiErrorResponse, ErrorMessage } from "@moorage/core/contract/errors";
import { type Reason, RegistryError } from "../../domain/errors.ts";
import { MANAGEMENT_BODY_BYTES_MAX } from "../../domain/limits.ts";
import { frameworkCodeOf, refusalOfFramework } from "./framework-refusals.ts";
import { retryHeaders } from "./retry-headers.ts";

interface ApiStatus {
  readonly status: number;
  readonly errorCode: string;
}

/** What each refusal is on the management API. */
export const API_ANSWERS = {
  "digest-invalid": { status: 400, errorCode: "digest-invalid" },
  "digest-mismatch": { status: 400, errorCode: "digest-mismatch" },
  "repository-name-invalid": { status: 400, errorCode: "repository-name-invalid" },
  "tag-invalid": { status: 400, errorCode: "tag-invalid" },
  "registry-unknown": { status: 404, errorCode: "registry-unknown" },
  "repository-unknown": { status: 404, errorCode: "repository-unknown" },
  "blob-unknown": { status: 404, errorCode: "blob-unknown" },
  "blob-damaged": { status: 500, errorCode: "blob-damaged" },
  "manifest-unknown": { status: 404, errorCode: "manifest-unknown" },
  "manifest-invalid": { status: 400, errorCode: "manifest-invalid" },
  "manifest-too-large": { status: 413, errorCode: "manifest-too-large" },
  "manifest-media-type-unsupported": { status: 400, errorCode: "manifest-media-type-unsupported" },
  "manifest-reference-unknown": { status: 404, errorCode: "manifest-reference-unknown" },
  "tags-exhausted": { status: 400, errorCode: "tags-exhausted" },
  "upload-unknown": { status: 404, errorCode: "upload-unknown" },
  "upload-gap": { status: 400, errorCode: "upload-gap" },
  "upload-size-mismatch": { status: 400, errorCode: "upload-size-mismatch" },
  "upload-busy": { status: 409, errorCode: "upload-busy" },
  "uploads-exhausted": { status: 429, errorCode: "uploads-exhausted" },
  "range-invalid": { status: 400, errorCode: "range-invalid" },
  "range-not-satisfiable": { status: 416, errorCode: "range-not-satisfiable" },
  "page-invalid": { status: 400, errorCode: "page-invalid" },
  "credentials-missing": { status: 401, errorCode: "credentials-missing" },
  "credentials-invalid": { status: 401, errorCode: "credentials-invalid" },
  "credentials-insufficient": { status: 403, errorCode: "credentials-insufficient" },
  "access-denied": { status: 403, errorCode: "access-denied" },
  "current-password-wrong": { status: 403, errorCode: "current-password-wrong" },
  "identity-without-role": { status: 403, errorCode: "identity-without-role" },
  "address-refused": { status: 403, errorCode: "address-refused" },
  "sign-in-slowed": { status: 429, errorCode: "sign-in-slowed" },
  "too-many-requests": { status: 429, errorCode: "too-many-requests" },
  // Its messages carry codes of their own, one for each problem.
  "input-invalid": { status: 400, errorCode: "input-invalid" },
  "registry-name-taken": { status: 400, errorCode: "registry-name-taken" },
  "registry-ports-exhausted": { status: 409, errorCode: "registry-ports-exhausted" },
  "registry-immutable": { status: 400, errorCode: "registry-immutable" },
  "registry-protected": { status: 409, errorCode: "registry-protected" },
  "registry-changed": { status: 412, errorCode: "registry-changed" },
  "scanning-cannot-be-disabled": { status: 400, errorCode: "scanning-cannot-be-disabled" },
  "location-unknown": { status: 400, errorCode: "location-unknown" },
  "token-unknown": { status: 404, errorCode: "token-unknown" },
  "token-name-taken": { status: 409, errorCode: "token-name-taken" },
  "token-immutable": { status: 400, errorCode: "token-immutable" },
  "scope-unknown": { status: 404, errorCode: "scope-unknown" },
  "vulnerability-unknown": { status: 404, errorCode: "vulnerability-unknown" },
  "scopes-exhausted": { status: 400, errorCode: "scopes-exhausted" },
  "expiry-too-soon": { status: 400, errorCode: "expiry-too-soon" },
  "collection-unknown": { status: 404, errorCode: "collection-unknown" },
  "user-unknown": { status: 404, errorCode: "user-unknown" },
  "user-email-taken": { status: 409, errorCode: "user-email-taken" },
  "user-changed": { status: 412, errorCode: "user-changed" },
  "owner-last": { status: 409, errorCode: "owner-last" },
  "organization-name-taken": { status: 409, errorCode: "organization-name-taken" },
  "route-unknown": { status: 404, errorCode: "route-unknown" },
  "path-invalid": { status: 400, errorCode: "path-invalid" },
  "request-ambiguous": { status: 400, errorCode: "request-ambiguous" },
  "origin-refused": { status: 403, errorCode: "origin-refused" },
  "method-unsupported": { status: 405, errorCode: "method-unsupported" },
  "body-invalid": { status: 400, errorCode: "body-invalid" },
  "body-too-large": { status: 413, errorCode: "body-too-large" },
  "storage-full": { status: 507, errorCode: "storage-full" },
  "service-unavailable": { status: 503, errorCode: "service-unavailable" },
} as const satisfies Record<Reason, ApiStatus>;

/** Errors of the HTTP framework that a client caused, by the framework's code. */
export const FRAMEWORK_ANSWERS: Readonly<Record<string, ApiStatus & { readonly message: string }>> =
  {
    FST_ERR_CTP_INVALID_MEDIA_TYPE: {
      status: 415,
      errorCode: "media-type-unsupported",
      message: "the body must have the content type application/json",
    },
  };

/** A fault of ours. The cause stands in the log, under the request's id. */
export const FAULT = { status: 500, errorCode: "internal-error" } as const satisfies ApiStatus;

/** An answer that is an error, ready to be sent. */
export interface ApiErrorAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: ApiErrorResponse;
  /** Whether it must be logged whole. */
  readonly isFault: boolean;
}

/** What an error of any origin is on the management API (contract, section 0, "Error body"). */
export function apiErrorAnswer(error: unknown, requestId: string): ApiErrorAnswer {
  if (error instanceof RegistryError) {
    return refusalAnswer(error);
  }
  const refusal = refusalOfFramework(error, MANAGEMENT_BODY_BYTES_MAX);
  if (refusal !== undefined) {
    return refusalAnswer(refusal);
  }
  const framework = FRAMEWORK_ANSWERS[frameworkCodeOf(error)];
  if (framework !== undefined) {
    return answer(framework.status, [framework]);
  }
  const message = `something went wrong in the server; its log tells more about request ${requestId}`;
  return { ...answer(FAULT.status, [{ ...FAULT, message }]), isFault: true };
}

function refusalAnswer(error: RegistryError): ApiErrorAnswer {
  const { status, errorCode } = API_ANSWERS[error.reason];
  return answer(status, messagesOf(error, errorCode), headersOf(error, status));
}

function messagesOf(error: RegistryError, errorCode: string): ErrorMessage[] {
  return isReason(error, "input-invalid")
    ? error.detail.problems.map(({ code, message }) => ({ errorCode: code, message }))
    : [{ errorCode, message: error.message }];
}

function headersOf(error: RegistryError, status: number): Readonly<Record<string, string>> {
  if (status === 401) {
    return { "www-authenticate": 'Basic realm="moorage"' };
  }
  return retryHeaders(error);
}

function isReason<R extends Reason>(error: RegistryError, reason: R): error is RegistryError<R> {
  return error.reason === reason;
}

function answer(
  status: number,
  messages: readonly ErrorMessage[],
  headers: Readonly<Record<string, string>> = {},
): ApiErrorAnswer {
  return {
    status,
    headers,
    body: {
      httpStatus: status,
      messages: messages.map(({ errorCode, message }) => ({ errorCode, message })),
    },
    isFault: false,
  };
}
