import type { IncomingMessage } from "node:http";

/** Whether a request announces a body. One that does not is complete with its head, before the parser says so. */
export function hasBody({ headers }: Pick<IncomingMessage, "headers">): boolean {
  const length = headers["content-length"];
  return headers["transfer-encoding"] !== undefined || (length !== undefined && Number(length) > 0);
}
