import type { Socket } from "node:net";
import type { ConnectionError } from "fastify";
import { REQUEST_HEADER_BYTES_MAX } from "../domain/limits.ts";

// Not imported: that reads all properties of the module, among them one that loads Node's whole client of WebSockets, 30 ms in each thread.
const { STATUS_CODES } = process.getBuiltinModule("node:http");

interface Unreadable {
  readonly status: number;
  readonly code: string;
  readonly message: string;
}

const NO_HTTP: Unreadable = {
  status: 400,
  code: "request-unreadable",
  message: "the request must be HTTP/1.1 as in RFC 9112",
};

/** By what Node calls it. */
const UNREADABLE: Readonly<Record<string, Unreadable>> = {
  ERR_HTTP_REQUEST_TIMEOUT: {
    status: 408,
    code: "request-too-slow",
    message: "the request did not come in time; send it again",
  },
  HPE_HEADER_OVERFLOW: {
    status: 431,
    code: "headers-too-large",
    message: `the headers must have ${REQUEST_HEADER_BYTES_MAX} bytes at most`,
  },
};

/**
 * Answers what Node cannot read as a request. It has no path, and so belongs to no API: the body has what clients of both look for,
 * `messages` of the management API and `errors` of the distribution API.
 */
export function answerUnreadable(error: ConnectionError, socket: Socket): void {
  if (error.code === "ECONNRESET" || socket.destroyed) {
    return;
  }
  if (socket.writable) {
    const { status, code, message } = UNREADABLE[error.code] ?? NO_HTTP;
    const body = JSON.stringify({
      httpStatus: status,
      messages: [{ errorCode: code, message }],
      errors: [{ code: "UNSUPPORTED", message, detail: null }],
    });
    const head = `HTTP/1.1 ${status} ${STATUS_CODES[status]}\r\nConnection: close\r\nContent-Type: application/json\r\nContent-Length: ${body.length}\r\n\r\n`;
    socket.write(`${head}${body}`);
  }
  socket.destroy(error);
}
