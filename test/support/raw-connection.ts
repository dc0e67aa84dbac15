import { once } from "node:events";
import { connect, type Socket } from "node:net";
import { eventually } from "./eventually.ts";

/** A connection on which a test says exactly what it wants, well-formed or not. */
export class RawConnection {
  readonly #socket: Socket;
  #received = Buffer.alloc(0);
  #isClosed = false;

  private constructor(socket: Socket) {
    this.#socket = socket;
    socket.on("data", (bytes: Buffer) => {
      this.#received = Buffer.concat([this.#received, bytes]);
    });
    socket.on("error", () => {});
    socket.once("close", () => {
      this.#isClosed = true;
    });
  }

  static async open(url: string): Promise<RawConnection> {
    const { hostname, port } = new URL(url);
    const socket = connect(Number(port), hostname);
    await once(socket, "connect");
    return new RawConnection(socket);
  }

  /** What has come so far, a character for each byte. */
  get received(): string {
    return this.#received.toString("latin1");
  }

  /** The server's end of the connection is closed. */
  get isClosed(): boolean {
    return this.#isClosed;
  }

  write(bytes: Uint8Array | string): void {
    if (!this.#socket.destroyed) {
      this.#socket.write(typeof bytes === "string" ? Buffer.from(bytes, "latin1") : bytes);
    }
  }

  /** Says that nothing more will come. */
  end(): void {
    this.#socket.end();
  }

  /** Takes nothing more of what the server sends. */
  pause(): void {
    this.#socket.pause();
  }

  destroy(): void {
    this.#socket.destroy();
  }

  /** Waits until the server has closed the connection, and returns all that came. */
  async untilClosed(secondsMax?: number): Promise<string> {
    const isClosed = async () => (this.#isClosed ? true : undefined);
    await eventually("the server to close the connection", isClosed, secondsMax);
    return this.received;
  }

  /** Waits for the beginning of an answer, and returns its status. */
  async status(secondsMax?: number): Promise<number> {
    const line = async () => /^HTTP\/1\.1 (\d{3}) /.exec(this.received)?.[1];
    return Number(await eventually("an answer", line, secondsMax));
  }
}

/** The head of a request, with the empty line that ends it. */
export function head(
  method: string,
  path: string,
  headers: Readonly<Record<string, string | number>>,
): string {
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}`);
  return `${[`${method} ${path} HTTP/1.1`, "Host: 127.0.0.1", ...lines].join("\r\n")}\r\n\r\n`;
}
