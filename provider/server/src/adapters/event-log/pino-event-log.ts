import { type DestinationStream, type Level, type Logger, pino } from "pino";
import { printableLine } from "../../domain/printable-line.ts";
import type { EventFields, EventSink } from "../../ports/event-sink.ts";
import type { SpanIds } from "../../ports/tracer.ts";
import { SharedOutput } from "./shared-output.ts";

/** Standard output, as the system numbers it. */
const STDOUT = 1;

/** Names that no caller should put into an event; should one do so, the value does not get out. */
const SECRET_FIELDS = [
  "password",
  "secret",
  "token",
  "bearer",
  "authorization",
  "cookie",
  "credentials",
  "key",
];

const SECRET_NAMES: ReadonlySet<string> = new Set(SECRET_FIELDS);

export interface EventLogOptions {
  readonly level: Level | "silent";
  /** The span that is around what is told of; left out: there is none. */
  readonly around?: (() => SpanIds | undefined) | undefined;
  /** Standard output where it is left out. */
  readonly stream?: DestinationStream;
}

/** Writes events as lines of JSON: `{"level":"info","time":"…","event":"…", …fields}`. */
export class PinoEventLog implements EventSink {
  readonly #logger: Logger;
  readonly #stream: DestinationStream;
  readonly #output: SharedOutput | undefined;
  readonly #isTold: boolean;
  readonly #around: (() => SpanIds | undefined) | undefined;

  constructor({ level, stream, around }: EventLogOptions) {
    const output = new SharedOutput(STDOUT);
    this.#output = stream === undefined ? output : undefined;
    const lines = stream ?? output;
    this.#stream = { write: (line) => lines.write(printableLine(line)) };
    this.#logger = pino(
      {
        level,
        base: { pid: process.pid },
        messageKey: "event",
        errorKey: "error",
        timestamp: pino.stdTimeFunctions.isoTime,
        formatters: { level: (label) => ({ level: label }) },
        redact: SECRET_FIELDS.flatMap((name) => [name, `error.${name}`, `error.detail.${name}`]),
      },
      this.#stream,
    );
    this.#around = around;
    this.#isTold = this.#logger.isLevelEnabled("info");
  }

  info(event: string, fields: EventFields = {}): void {
    if (!this.#isTold) {
      return;
    }
    const all = this.#traced(fields);
    const line = plainLine(event, all);
    if (line === undefined) {
      this.#logger.info(all, event);
    } else {
      this.#stream.write(line);
    }
  }

  warn(event: string, fields: EventFields = {}): void {
    this.#logger.warn(this.#traced(fields), event);
  }

  error(event: string, error: unknown, fields: EventFields = {}): void {
    this.#logger.error({ ...this.#traced(fields), error: asError(error) }, event);
  }

  #traced(fields: EventFields): EventFields {
    const ids = fields["traceId"] === undefined ? this.#around?.() : undefined;
    return ids === undefined ? fields : { ...fields, traceId: ids.traceId, spanId: ids.spanId };
  }

  /** Writes out what waits, and stops. */
  async close(): Promise<void> {
    await this.#output?.close();
  }
}

const START = '{"level":"info","time":"';
const PID = `","pid":${process.pid}`;
let timeOfLine = { milliseconds: 0, text: "" };

/**
 * A line of level `info`, letter for letter as the logger would write it, at a third of its cost: every request has one. `undefined`:
 * there is something in it that is not to get out.
 */
function plainLine(event: string, fields: EventFields): string | undefined {
  const milliseconds = Date.now();
  if (timeOfLine.milliseconds !== milliseconds) {
    timeOfLine = { milliseconds, text: new Date(milliseconds).toISOString() };
  }
  let line = START + timeOfLine.text + PID;
  for (const name in fields) {
    if (SECRET_NAMES.has(name)) {
      return undefined;
    }
    const value = fields[name];
    if (value !== undefined) {
      line += `,"${name}":${typeof value === "string" ? JSON.stringify(value) : value}`;
    }
  }
  return `${line},"event":${JSON.stringify(event)}}\n`;
}

function asError(error: unknown): Error {
  return error instanceof Error ? error : new Error(String(error));
}
