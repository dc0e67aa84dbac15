import { type DestinationStream, destination, type Level, type Logger, pino } from "pino";
import type { EventFields, EventSink } from "../../ports/event-sink.ts";

/** Lines wait in memory for others until there are so many bytes … */
const BATCH_BYTES = 3072;
/** PIPE_BUF: the kernel does not mix a write of this size with those of other threads and processes. */
const WRITE_BYTES_MAX = 4096;
/** … or so long. */
const FLUSH_MILLISECONDS = 100;

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
  /** Standard output where it is left out. */
  readonly stream?: DestinationStream;
}

/** Writes events as lines of JSON: `{"level":"info","time":"…","event":"…", …fields}`. */
export class PinoEventLog implements EventSink {
  readonly #logger: Logger;
  readonly #stream: DestinationStream;
  readonly #isTold: boolean;
  readonly #timer: NodeJS.Timeout;
  #hasWaiting = false;

  constructor({ level, stream }: EventLogOptions) {
    this.#stream =
      stream ??
      destination({ fd: 1, sync: false, minLength: BATCH_BYTES, maxWrite: WRITE_BYTES_MAX });
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
    this.#isTold = this.#logger.isLevelEnabled("info");
    // Flushing syncs the log's file, so it is left alone while there is nothing to flush.
    this.#timer = setInterval(() => {
      if (this.#hasWaiting) {
        this.#hasWaiting = false;
        this.#logger.flush();
      }
    }, FLUSH_MILLISECONDS).unref();
  }

  info(event: string, fields: EventFields = {}): void {
    if (!this.#isTold) {
      return;
    }
    this.#hasWaiting = true;
    const line = plainLine(event, fields);
    if (line === undefined) {
      this.#logger.info(fields, event);
    } else {
      this.#stream.write(line);
    }
  }

  warn(event: string, fields: EventFields = {}): void {
    this.#hasWaiting = true;
    this.#logger.warn(fields, event);
  }

  error(event: string, error: unknown, fields: EventFields = {}): void {
    this.#hasWaiting = true;
    this.#logger.error({ ...fields, error: asError(error) }, event);
  }

  /** Writes out what waits, and stops. */
  async close(): Promise<void> {
    clearInterval(this.#timer);
    await new Promise<void>((resolve, reject) => {
      this.#logger.flush((error) => (error && !isUnsyncable(error) ? reject(error) : resolve()));
    });
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

/** Pipes and terminals take what is written and cannot be synced. */
function isUnsyncable(error: Error): boolean {
  return "code" in error && error.code === "EINVAL";
}

function asError(error: unknown): Error {
  return error instanceof Error ? error : new Error(String(error));
}
