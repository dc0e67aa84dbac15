// Loaded by mocha before all tests. Every answer of a management API that this process receives, by whatever client, is held to the OpenAPI
// description, and the test that received a wrong one fails. Answers are read where they arrive: in Node's own HTTP client and in undici,
// which is also behind `fetch`. Servers in this process are known by themselves; others are named by who starts them, and
// write down what they answer, whoever asked: Pulumi's engine and other programs that a test starts, too.
import { subscribe } from "node:diagnostics_channel";
import type { ClientRequest, IncomingMessage } from "node:http";
import type { FastifyInstance } from "fastify";
import type { Context, RootHookObject } from "mocha";
import { AnswerRules, type SeenAnswer } from "./described-answers.ts";
import { forgetRecordedAnswers, takeRecordedAnswers } from "./recorded-answers.ts";
import { isServed, serves, servesNoMore } from "./served-ports.ts";

const wrong: string[] = [];
let rules: AnswerRules | undefined;
let checked = 0;

/** How many answers were checked. */
export function checkedAnswers(): number {
  return checked;
}

/** Answers that were wrong since somebody asked. */
export function takeWrongAnswers(): string[] {
  return wrong.splice(0);
}

export const mochaHooks: RootHookObject = {
  // A failing hook of mocha's root would end the whole run; a test fails alone.
  beforeEach(this: Context) {
    const test = this.currentTest;
    const { fn } = test ?? {};
    if (test !== undefined && fn !== undefined && fn.length === 0) {
      test.fn = async function checked(this: Context) {
        try {
          await fn.call(this, () => {});
        } catch (error) {
          failForWrongAnswers(error);
        }
        failForWrongAnswers();
      };
    }
  },
  // What a suite's last hooks received.
  afterAll: () => {
    failForWrongAnswers();
    forgetRecordedAnswers();
  },
};

function failForWrongAnswers(cause?: unknown): void {
  for (const answer of takeRecordedAnswers()) {
    check(answer, "sent: ");
  }
  const problems = takeWrongAnswers();
  if (problems.length > 0) {
    const message = `answers are not as the OpenAPI description says:\n${problems.join("\n")}`;
    throw new Error(message, { cause });
  }
  if (cause !== undefined) {
    throw cause;
  }
}

function check(answer: SeenAnswer, how = ""): void {
  rules ??= new AnswerRules();
  checked++;
  wrong.push(...rules.problemsOf(answer).map((problem) => `${how}${problem}`));
}

subscribe("fastify.initialization", (message) => {
  const { fastify } = message as { fastify: FastifyInstance };
  fastify.addHook("onListen", async function listening(this: FastifyInstance) {
    const ports = this.addresses().flatMap((address) =>
      typeof address === "string" ? [] : [address.port],
    );
    ports.forEach(serves);
    this.server.once("close", () => ports.forEach(servesNoMore));
  });
});

interface UndiciRequest {
  readonly method: string;
  readonly path: string;
  readonly origin: string | URL;
}

interface UnfinishedAnswer extends Omit<SeenAnswer, "body"> {
  readonly chunks: Uint8Array[];
}

const unfinished = new WeakMap<UndiciRequest, UnfinishedAnswer>();

subscribe("undici:request:headers", (message) => {
  const { request, response } = message as {
    request: UndiciRequest;
    response: { statusCode: number; headers: Buffer[] };
  };
  if (!isServed(Number(new URL(request.origin).port))) {
    return;
  }
  const texts = response.headers.map((bytes) => bytes.toString("latin1"));
  const headers: Record<string, string> = {};
  for (let at = 0; at + 1 < texts.length; at += 2) {
    headers[(texts[at] ?? "").toLowerCase()] = texts[at + 1] ?? "";
  }
  const { method, path } = request;
  unfinished.set(request, { method, path, status: response.statusCode, headers, chunks: [] });
});

subscribe("undici:request:bodyChunkReceived", (message) => {
  const { request, chunk } = message as { request: UndiciRequest; chunk: Uint8Array };
  unfinished.get(request)?.chunks.push(Buffer.from(chunk));
});

subscribe("undici:request:trailers", (message) => {
  const { request } = message as { request: UndiciRequest };
  const answer = unfinished.get(request);
  if (answer !== undefined) {
    unfinished.delete(request);
    check({ ...answer, body: Buffer.concat(answer.chunks) });
  }
});

subscribe("http.client.response.finish", (message) => {
  const { request, response } = message as { request: ClientRequest; response: IncomingMessage };
  if (!isServed(response.socket.remotePort)) {
    return;
  }
  const chunks: Buffer[] = [];
  const push = response.push.bind(response);
  // Who listens for data would set the stream flowing.
  response.push = (chunk: Buffer | null, encoding) => {
    if (chunk !== null) {
      chunks.push(chunk);
    } else if (response.complete) {
      const headers = Object.fromEntries(
        Object.entries(response.headers).map(([name, value]) => [name, String(value)]),
      );
      const { method, path } = request;
      check({
        method,
        path,
        status: response.statusCode ?? 0,
        headers,
        body: Buffer.concat(chunks),
      });
    }
    return push(chunk, encoding);
  };
});
