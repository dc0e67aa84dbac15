import { createServer, type ServerOptions } from "node:https";
import type { FastifyServerFactory } from "fastify";
import { TLS_HANDSHAKE_MILLISECONDS_MAX } from "../domain/limits.ts";

/** A certificate, followed by those that signed it, and its private key; both PEM. */
export interface KeyPair {
  readonly cert: string;
  readonly key: string;
}

export const TLS_VERSION_MIN = "TLSv1.2";

/** Makes servers for HTTPS, where Fastify would make them for HTTP. HTTP/2 is not offered: clients of registries gain nothing by it. */
export function tlsServers(
  pair: KeyPair,
  http: ServerOptions,
  idleMillisecondsMax: number,
): FastifyServerFactory {
  const tls = {
    ...pair,
    minVersion: TLS_VERSION_MIN,
    handshakeTimeout: TLS_HANDSHAKE_MILLISECONDS_MAX,
  } as const;
  return (handler) => {
    const server = createServer({ ...http, ...tls }, handler);
    server.setTimeout(idleMillisecondsMax);
    return server;
  };
}
