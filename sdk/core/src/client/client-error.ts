import type { ErrorMessage } from "../contract/errors.ts";

/**
 * Why a call failed, for programs:
 * `settings` the client was given settings that cannot work; `unreachable` nothing was answered;
 * `timed-out` an answer took too long; `unauthorized` 401; `forbidden` 403; `not-found` 404;
 * `conflict` 409; `changed-meanwhile` 412; `refused` another 4xx; `rate-limited` 429;
 * `unavailable` 5xx; `unexpected-answer` what came back is not what the contract says.
 * A call that its caller aborted rejects with the signal's reason instead.
 */
export type ClientErrorCode =
  | "settings"
  | "unreachable"
  | "timed-out"
  | "unauthorized"
  | "forbidden"
  | "not-found"
  | "conflict"
  | "changed-meanwhile"
  | "refused"
  | "rate-limited"
  | "unavailable"
  | "unexpected-answer";

/** The facts of a failure; none of them is ever a credential. */
export interface ClientErrorDetail {
  /** The HTTP status, where there was an answer. */
  readonly status?: number;
  /** The method of the request. */
  readonly method?: string;
  /** The path of the request below the API's prefix. */
  readonly path?: string;
  /** What the server said, in the contract's format. */
  readonly messages?: readonly ErrorMessage[];
  readonly cause?: unknown;
}

/** A call of the management API that failed. `message` is a sentence for people. */
export class ClientError extends Error {
  override readonly name = "ClientError";
  readonly code: ClientErrorCode;
  readonly status: number | undefined;
  readonly method: string | undefined;
  readonly path: string | undefined;
  readonly messages: readonly ErrorMessage[];

  constructor(code: ClientErrorCode, message: string, detail: ClientErrorDetail = {}) {
    super(message, detail.cause === undefined ? undefined : { cause: detail.cause });
    this.code = code;
    this.status = detail.status;
    this.method = detail.method;
    this.path = detail.path;
    this.messages = detail.messages ?? [];
  }

  /** The server's codes, such as `registry-name-taken`. */
  get errorCodes(): readonly string[] {
    return this.messages.map((each) => each.errorCode);
  }
}

/** The error for an answer with a status that is no success. */
export function errorForStatus(
  request: { method: string; path: string },
  status: number,
  messages: readonly ErrorMessage[],
): ClientError {
  const said = messages.map((each) => each.message).join("; ");
  const codes = messages.map((each) => each.errorCode).join(", ");
  const answer = codes === "" ? `${status}` : `${status} ${codes}`;
  const why = said === "" ? `the answer was ${answer}` : `${said} (${answer})`;
  const message = `${request.method} ${request.path}: ${why}`;
  return new ClientError(codeForStatus(status), message, { ...request, status, messages });
}

function codeForStatus(status: number): ClientErrorCode {
  switch (status) {
    case 401:
      return "unauthorized";
    case 403:
      return "forbidden";
    case 404:
      return "not-found";
    case 409:
      return "conflict";
    case 412:
      return "changed-meanwhile";
    case 429:
      return "rate-limited";
    default:
      if (status >= 500) return "unavailable";
      return status >= 400 ? "refused" : "unexpected-answer";
  }
}
