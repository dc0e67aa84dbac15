import assert from "node:assert";
import { Server as TlsServer } from "node:https";
import type { Socket } from "node:net";
import type { FastifyInstance } from "fastify";
import type { Context } from "../app/context.ts";
import type { ListenAddress } from "../config/network.ts";
import type { Config } from "../config.ts";
import { createServer, type ServerOptions } from "../http/server.ts";
import { type KeyPair, TLS_VERSION_MIN } from "../http/tls.ts";
import type { Certificate } from "./certificate.ts";

export interface ListenerOptions {
  /** Other workers listen at the same addresses, and the kernel deals connections out. */
  readonly sharesPorts: boolean;
  /** Absent: plain HTTP. */
  readonly certificate: Certificate | undefined;
  /** Absent: registries have no ports of their own. */
  readonly registryAt: ServerOptions["registryAt"];
}

/** The addresses at which one worker answers requests. */
export class Listeners {
  readonly #context: Context;
  readonly #config: Config;
  readonly #options: ListenerOptions;
  readonly #servers = new Map<ListenAddress, FastifyInstance>();

  constructor(context: Context, config: Config, options: ListenerOptions) {
    this.#context = context;
    this.#config = config;
    this.#options = options;
  }

  /** Makes a server for each address, which does not listen yet. */
  async make(addresses: readonly ListenAddress[]): Promise<void> {
    const { certificate, registryAt } = this.#options;
    for (const address of addresses) {
      const server = createServer(this.#context, {
        clientSide: this.#config,
        corsOrigins: this.#config.corsOrigins,
        registryAt,
        ...(certificate && { keyPair: certificate.pair }),
      });
      this.#servers.set(address, server);
      await server.ready();
    }
  }

  /** Begins to listen at an address that a server was made for; returns it as a URL. */
  async open(address: ListenAddress): Promise<string> {
    const { sharesPorts, certificate } = this.#options;
    const server = this.#servers.get(address);
    assert(server !== undefined, "a server is made before it listens");
    // Fastify hands it on to `net.Server.listen`, but does not declare it.
    const options = { ...address, reusePort: sharesPorts };
    const url = await server.listen(options);
    return certificate === undefined ? url : url.replace(/^http:/, "https:");
  }

  /** Takes over a connection that was made elsewhere, as if it had come to the first address. */
  take(connection: Socket): void {
    const [first] = this.#servers.values();
    first?.server.emit("connection", connection);
  }

  /** For connections from now on; those that are open keep theirs. */
  useCertificate({ cert, key }: KeyPair): void {
    for (const { server } of this.#servers.values()) {
      if (server instanceof TlsServer) {
        server.setSecureContext({ cert, key, minVersion: TLS_VERSION_MIN });
      }
    }
  }

  /** No new connections; requests under way finish. */
  async close(): Promise<void> {
    await Promise.all(Array.from(this.#servers.values(), (server) => server.close()));
  }
}
