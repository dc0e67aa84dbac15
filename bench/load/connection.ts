import { connect, type Socket } from "node:net";
import { type Answer, AnswerReader } from "./answer-reader.ts";

export interface Request {
  readonly method: string;
  readonly path: string;
  readonly headers?: readonly string[];
  /** Pieces that are sent one behind the other, without a copy. */
  readonly body?: readonly Uint8Array[];
  /** Keep the answer's body; else it is counted and dropped. */
  readonly keepsBody?: boolean;
}

const RECEIVE_BUFFER_BYTES = 256 * 1024;

/**
 * One HTTP/1.1 connection, with one request at a time. Not `node:http`: a client that costs more than the server would measure itself.
 * Received bytes land in one buffer again and again and are counted, not kept.
 */
export class Connection {
  readonly #socket: Socket;
  readonly #commonHead: string;
  #reader = new AnswerReader("GET", false);
  #waiting: PromiseWithResolvers<Answer> | undefined;

  private constructor(socket: Socket, commonHead: string) {
    this.#socket = socket;
    this.#commonHead = commonHead;
  }

  /** `headers` go with every request. */
  static open(host: string, port: number, headers: readonly string[]): Promise<Connection> {
    const commonHead = [`Host: ${host}:${port}`, ...headers].join("\r\n");
    return new Promise((resolve, reject) => {
      const socket = connect({
        host,
        port,
        noDelay: true,
        onread: {
          buffer: Buffer.allocUnsafeSlow(RECEIVE_BUFFER_BYTES),
          callback: (bytes, buffer) => {
            connection.#receive(Buffer.from(buffer.buffer, buffer.byteOffset, bytes));
            return true;
          },
        },
      });
      const connection = new Connection(socket, commonHead);
      socket.once("connect", () => resolve(connection));
      socket.once("error", (error) => {
        reject(error);
        connection.#fail(error);
      });
      socket.once("close", () => connection.#fail(new Error("the server closed the connection")));
    });
  }

  send(request: Request): Promise<Answer> {
    const { method, path, headers = [], body, keepsBody = false } = request;
    this.#reader = new AnswerReader(method, keepsBody);
    this.#waiting = Promise.withResolvers();
    const { promise } = this.#waiting;
    const bytes = body?.reduce((sum, piece) => sum + piece.byteLength, 0);
    const lines = [`${method} ${path} HTTP/1.1`, this.#commonHead, ...headers];
    if (bytes !== undefined || method === "POST") {
      lines.push(`Content-Length: ${bytes ?? 0}`);
    }
    this.#socket.cork();
    this.#socket.write(`${lines.join("\r\n")}\r\n\r\n`, "latin1");
    for (const piece of body ?? []) {
      this.#socket.write(piece);
    }
    this.#socket.uncork();
    return promise;
  }

  close(): void {
    this.#socket.destroy();
  }

  #receive(bytes: Buffer): void {
    const answer = this.#reader.take(bytes);
    if (answer !== undefined) {
      const waiting = this.#waiting;
      this.#waiting = undefined;
      waiting?.resolve(answer);
    }
  }

  #fail(error: Error): void {
    this.#waiting?.reject(error);
    this.#waiting = undefined;
  }
}

/** @throws Error that shows the answer, when it has another status */
export function expectStatus(answer: Answer, status: number): Answer {
  if (answer.status !== status) {
    const text = `${answer.head}\n${answer.body.toString("utf8", 0, 500)}`;
    throw new Error(`expected status ${status}:\n${text}`);
  }
  return answer;
}

/** A header's value; its name in any case. */
export function headerOf(answer: Answer, name: string): string | undefined {
  return new RegExp(`^${name}: *(.*?)\\r?$`, "im").exec(answer.head)?.[1];
}
