import { setTimeout as sleep } from "node:timers/promises";
import { Agent, type Dispatcher, request } from "undici";
import type { z } from "zod";
import { apiErrorResponse } from "../contract/errors.ts";
import { ClientError, errorForStatus } from "./client-error.ts";
import { apiBase } from "./endpoint.ts";
import { isRetriedFailure, isRetriedStatus, type Repeatability, retryWait } from "./retry.ts";

const CONNECT_MILLISECONDS_MAX = 10_000;
const ANSWER_MILLISECONDS_MAX = 30_000;
const ANSWER_BYTES_MAX = 16 * 1024 * 1024;
const CONNECTIONS_MAX = 32;
/** What a Moorage server says of a path that its API does not have: nothing about any resource. */
const NO_ROUTE = "route-unknown";

/** Where the server is, who asks, and how patiently. */
export interface ClientOptions {
  /** The server's address, with or without `/containerregistries` at its end. */
  readonly endpoint: string;
  /** A user's e-mail address; goes with `password`. */
  readonly username?: string | undefined;
  /** The user's password. */
  readonly password?: string | undefined;
  /** A bearer token, instead of `username` and `password`; wins where both are given. */
  readonly token?: string | undefined;
  /** What the client calls itself. */
  readonly userAgent?: string | undefined;
  /** How long to wait for a connection; 10 s. */
  readonly connectMilliseconds?: number | undefined;
  /** How long to wait for an answer to begin, and for each of its parts; 30 s. */
  readonly answerMilliseconds?: number | undefined;
  /** Waits between tries; a test injects one that does not. */
  readonly wait?: ((milliseconds: number, signal?: AbortSignal) => Promise<void>) | undefined;
}

/** What every call takes besides its own arguments. */
export interface CallOptions {
  /** Aborts the call, its retries and their waits. */
  readonly signal?: AbortSignal | undefined;
}

/** One call of the API. */
export interface ApiRequest extends CallOptions {
  readonly method: "GET" | "HEAD" | "POST" | "PUT" | "PATCH" | "DELETE";
  /** The path below the API's prefix, its segments encoded. */
  readonly path: string;
  readonly query?: Readonly<Record<string, string | number | undefined>>;
  readonly body?: unknown;
  /** Only if the resource still has this `metadata.etag`; otherwise `changed-meanwhile`. */
  readonly ifMatch?: string | undefined;
  readonly repeatability: Repeatability;
}

interface Answer {
  readonly status: number;
  readonly retryAfter: string | undefined;
  readonly text: string;
}

/** Sends calls to one server: connections kept alive, time-outs, retries, errors as {@link ClientError}. */
export class Transport {
  readonly #base: string;
  readonly #headers: Readonly<Record<string, string>>;
  readonly #agent: Agent;
  readonly #wait: (milliseconds: number, signal?: AbortSignal) => Promise<void>;
  readonly #options: ClientOptions;
  readonly #signal: AbortSignal | undefined;

  /** `view` makes another view on the connections of a transport that is there. */
  constructor(options: ClientOptions, view?: { agent: Agent; signal: AbortSignal }) {
    this.#options = options;
    this.#signal = view?.signal;
    this.#base = apiBase(options.endpoint);
    this.#headers = {
      accept: "application/json",
      authorization: authorization(options),
      "user-agent": options.userAgent ?? "moorage-client",
    };
    this.#wait = options.wait ?? ((ms, signal) => sleep(ms, undefined, signal ? { signal } : {}));
    const answerMilliseconds = options.answerMilliseconds ?? ANSWER_MILLISECONDS_MAX;
    this.#agent =
      view?.agent ??
      new Agent({
        connect: { timeout: options.connectMilliseconds ?? CONNECT_MILLISECONDS_MAX },
        headersTimeout: answerMilliseconds,
        bodyTimeout: answerMilliseconds,
        maxResponseSize: ANSWER_BYTES_MAX,
        connections: CONNECTIONS_MAX,
      });
  }

  /** The same connections; `signal` aborts every call that names no signal of its own. */
  under(signal: AbortSignal): Transport {
    return new Transport(this.#options, { agent: this.#agent, signal });
  }

  /** Sends a call whose answer the contract describes; undefined when the answer is 404. */
  async find<Body>(call: ApiRequest, schema: z.ZodType<Body>): Promise<Body | undefined> {
    const answer = await this.#send(call);
    if (isAbsence(answer)) return undefined;
    return parsed(call, success(call, answer), schema);
  }

  /** Sends a call whose answer the contract describes. */
  async ask<Body>(call: ApiRequest, schema: z.ZodType<Body>): Promise<Body> {
    return parsed(call, success(call, await this.#send(call)), schema);
  }

  /** Sends a call that removes something; false where it was not there. */
  async remove(call: ApiRequest): Promise<boolean> {
    const answer = await this.#send(call);
    if (isAbsence(answer)) return false;
    success(call, answer);
    return true;
  }

  /** Sends a call and tells only its status, which must be a success or one of `expected`. */
  async status(call: ApiRequest, expected: readonly number[]): Promise<number> {
    const answer = await this.#send(call);
    return expected.includes(answer.status) ? answer.status : success(call, answer).status;
  }

  /** Closes the connections, once the calls under way are done. */
  async close(): Promise<void> {
    await this.#agent.close();
  }

  async #send(given: ApiRequest): Promise<Answer> {
    const call = { ...given, signal: given.signal ?? this.#signal };
    for (let tried = 1; ; tried += 1) {
      const outcome = await this.#try(call);
      const again =
        outcome instanceof ClientError
          ? isRetriedFailure(failureCode(outcome.cause), call.repeatability)
          : isRetriedStatus(outcome.status, call.repeatability);
      const retryAfter = outcome instanceof ClientError ? undefined : outcome.retryAfter;
      const wait = again ? retryWait(tried, retryAfter, Date.now(), Math.random()) : undefined;
      if (wait === undefined) {
        if (outcome instanceof ClientError) throw outcome;
        return outcome;
      }
      await this.#wait(wait, call.signal);
    }
  }

  async #try(call: ApiRequest): Promise<Answer | ClientError> {
    try {
      const answer = await request(this.#base + call.path + search(call.query), {
        dispatcher: this.#agent,
        method: call.method,
        headers: this.#headersOf(call),
        body: call.body === undefined ? null : JSON.stringify(call.body),
        ...(call.signal === undefined ? {} : { signal: call.signal }),
      });
      const text = await answer.body.text();
      return { status: answer.statusCode, retryAfter: header(answer, "retry-after"), text };
    } catch (cause) {
      call.signal?.throwIfAborted();
      return this.#failure(call, cause);
    }
  }

  #headersOf(call: ApiRequest): Record<string, string> {
    return {
      ...this.#headers,
      ...(call.body === undefined ? {} : { "content-type": "application/json" }),
      ...(call.ifMatch === undefined ? {} : { "if-match": `"${call.ifMatch}"` }),
    };
  }

  #failure(call: ApiRequest, cause: unknown): ClientError {
    const reason = failureCode(cause);
    const detail = { method: call.method, path: call.path, cause };
    if (reason === "UND_ERR_HEADERS_TIMEOUT" || reason === "UND_ERR_BODY_TIMEOUT") {
      const sentence = `the server at ${this.#base} took too long to answer`;
      return new ClientError("timed-out", sentence, detail);
    }
    if (reason === "UND_ERR_RES_EXCEEDED_MAX_SIZE") {
      const sentence = `${call.method} ${call.path}: the answer is larger than any of a Moorage server`;
      return new ClientError("unexpected-answer", sentence, detail);
    }
    const sentence = `no server answers at ${this.#base} (${reason})`;
    return new ClientError("unreachable", sentence, detail);
  }
}

/** Encodes one segment of a path. */
export function segment(text: string): string {
  return encodeURIComponent(text);
}

function authorization(options: ClientOptions): string {
  if (options.token !== undefined && options.token !== "") return `Bearer ${options.token}`;
  const { username, password } = options;
  if (username === undefined || username === "" || password === undefined || password === "") {
    throw new ClientError("settings", "a user name and a password, or a token, must be given");
  }
  if (username.includes(":")) {
    throw new ClientError("settings", "the user name must not contain a colon");
  }
  return `Basic ${Buffer.from(`${username}:${password}`).toString("base64")}`;
}

function search(query: ApiRequest["query"]): string {
  const parameters = new URLSearchParams();
  for (const [name, value] of Object.entries(query ?? {})) {
    if (value !== undefined && value !== "") parameters.set(name, String(value));
  }
  return parameters.size === 0 ? "" : `?${parameters}`;
}

function header(answer: Dispatcher.ResponseData, name: string): string | undefined {
  const value = answer.headers[name];
  return Array.isArray(value) ? value[0] : value;
}

function failureCode(cause: unknown): string {
  if (!(cause instanceof Error)) return "unknown failure";
  if ("code" in cause && typeof cause.code === "string") return cause.code;
  // Several addresses of one name fail together; the first one speaks for all.
  if (cause instanceof AggregateError) return failureCode(cause.errors[0]);
  return cause.cause === undefined ? cause.message : failureCode(cause.cause);
}

/**
 * Whether an answer says that a thing is not there. A 404 of something else, such as a proxy's page,
 * does not: a resource must not seem gone because the endpoint is wrong.
 */
function isAbsence(answer: Answer): boolean {
  if (answer.status !== 404) return false;
  if (answer.text === "") return true;
  const error = apiErrorResponse.safeParse(json(answer.text));
  return error.success && !error.data.messages?.some((each) => each.errorCode === NO_ROUTE);
}

function success(call: ApiRequest, answer: Answer): Answer {
  if (answer.status >= 200 && answer.status < 300) return answer;
  const error = apiErrorResponse.safeParse(json(answer.text));
  throw errorForStatus(call, answer.status, error.success ? (error.data.messages ?? []) : []);
}

function parsed<Body>(call: ApiRequest, answer: Answer, schema: z.ZodType<Body>): Body {
  const outcome = schema.safeParse(json(answer.text));
  if (outcome.success) return outcome.data;
  // Only the places are told: an answer can hold a secret.
  const places = outcome.error.issues.map((issue) => issue.path.join(".") || "its body").join(", ");
  throw new ClientError(
    "unexpected-answer",
    `${call.method} ${call.path}: the answer is not one of a Moorage server (wrong: ${places})`,
    { method: call.method, path: call.path, status: answer.status },
  );
}

function json(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
