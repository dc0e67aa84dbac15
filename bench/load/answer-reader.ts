/** A server's answer; the body only where it was asked for. */
export interface Answer {
  readonly status: number;
  /** Status line and headers, as received. */
  readonly head: string;
  readonly bodyBytes: number;
  readonly body: Buffer;
}

const HEAD_END = "\r\n\r\n";
const LAST_CHUNK = Buffer.from("0\r\n\r\n");

/** Reads one answer from the pieces that a socket delivers: bodies with a length, or in chunks. */
export class AnswerReader {
  readonly #hasNoBody: boolean;
  readonly #keepsBody: boolean;
  #head: string | undefined;
  #status = 0;
  #unread = "";
  #length = 0;
  #isChunked = false;
  #bodyBytes = 0;
  #tail: Buffer = Buffer.alloc(0);
  readonly #pieces: Buffer[] = [];

  constructor(method: string, keepsBody: boolean) {
    this.#hasNoBody = method === "HEAD";
    this.#keepsBody = keepsBody;
  }

  /** The answer, once it is complete. */
  take(bytes: Buffer): Answer | undefined {
    if (this.#head !== undefined) {
      return this.#takeBody(bytes);
    }
    const start = this.#unread.length;
    const text = this.#unread + bytes.toString("latin1");
    const end = text.indexOf(HEAD_END);
    if (end < 0) {
      this.#unread = text;
      return undefined;
    }
    this.#readHead(text.slice(0, end));
    const rest = bytes.subarray(end + HEAD_END.length - start);
    // An interim answer (100 Continue) is not the one that was waited for.
    return this.#head === undefined ? this.take(rest) : this.#takeBody(rest);
  }

  #readHead(head: string): void {
    this.#unread = "";
    this.#status = Number(head.slice(9, 12));
    if (this.#status < 200) {
      return;
    }
    this.#head = head;
    this.#isChunked = /^transfer-encoding: *chunked/im.test(head);
    this.#length = Number(/^content-length: *(\d+)/im.exec(head)?.[1] ?? 0);
    if (this.#hasNoBody || this.#status === 204 || this.#status === 304) {
      this.#isChunked = false;
      this.#length = 0;
    }
  }

  #takeBody(bytes: Buffer): Answer | undefined {
    this.#bodyBytes += bytes.byteLength;
    if (this.#keepsBody || this.#status >= 400) {
      this.#pieces.push(Buffer.from(bytes));
    }
    return this.#isComplete(bytes) ? this.#answer() : undefined;
  }

  #isComplete(bytes: Buffer): boolean {
    if (!this.#isChunked) {
      return this.#bodyBytes >= this.#length;
    }
    const tail = Buffer.concat([this.#tail, bytes.subarray(-LAST_CHUNK.byteLength)]);
    this.#tail = tail.subarray(-LAST_CHUNK.byteLength);
    return this.#tail.equals(LAST_CHUNK);
  }

  #answer(): Answer {
    const raw = Buffer.concat(this.#pieces);
    const body = this.#isChunked ? withoutChunks(raw) : raw;
    return {
      status: this.#status,
      head: this.#head ?? "",
      bodyBytes: this.#isChunked && this.#pieces.length > 0 ? body.byteLength : this.#bodyBytes,
      body,
    };
  }
}

function withoutChunks(raw: Buffer): Buffer {
  const pieces: Buffer[] = [];
  for (let at = 0; at < raw.byteLength; ) {
    const lineEnd = raw.indexOf("\r\n", at);
    const bytes = Number.parseInt(raw.toString("latin1", at, lineEnd), 16);
    if (lineEnd < 0 || !(bytes > 0)) {
      break;
    }
    pieces.push(raw.subarray(lineEnd + 2, lineEnd + 2 + bytes));
    at = lineEnd + 2 + bytes + 2;
  }
  return Buffer.concat(pieces);
}
