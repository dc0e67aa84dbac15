import { once } from "node:events";
import { type IncomingMessage, request, type ServerResponse } from "node:http";
import { createServer } from "node:https";
import { pipeline } from "node:stream/promises";
import type { MadeCertificate } from "./certificate.ts";

/** A proxy that ends TLS, as nginx does by `docs/how-to/run-behind-a-tls-proxy.md`: it streams, and sets all `X-Forwarded-*` headers. */
export interface TlsProxy {
  readonly host: string;
  close(): Promise<void>;
}

export async function startTlsProxy(
  upstream: string,
  { cert, key }: Pick<MadeCertificate, "cert" | "key">,
): Promise<TlsProxy> {
  const server = createServer({ cert, key }, (incoming, outgoing) => {
    forward(upstream, incoming, outgoing).catch(() => outgoing.destroy());
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  if (address === null || typeof address === "string") {
    throw new Error("the proxy has no port");
  }
  return {
    host: `127.0.0.1:${address.port}`,
    async close() {
      server.closeAllConnections();
      server.close();
      await once(server, "close");
    },
  };
}

async function forward(
  upstream: string,
  incoming: IncomingMessage,
  outgoing: ServerResponse,
): Promise<void> {
  const { method, url: path, headers, socket } = incoming;
  const before = headers["x-forwarded-for"];
  const passed = request(upstream, {
    method,
    path,
    headers: {
      ...headers,
      "x-forwarded-for": [before, socket.remoteAddress].filter(Boolean).join(", "),
      "x-forwarded-proto": "https",
      "x-forwarded-host": headers.host,
    },
  });
  const answered = once(passed, "response");
  await Promise.all([pipeline(incoming, passed), answered.then(([answer]) => send(answer))]);

  async function send(answer: IncomingMessage): Promise<void> {
    outgoing.writeHead(answer.statusCode ?? 502, answer.headers);
    await pipeline(answer, outgoing);
  }
}
