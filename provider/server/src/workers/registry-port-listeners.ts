import { createServer, type Server, type Socket } from "node:net";
import type { Composition } from "../compose.ts";
import {
  REGISTRY_PORT_RETRY_MILLISECONDS,
  REGISTRY_PORTS_POLL_MILLISECONDS,
} from "../domain/limits.ts";
import { isInRange, type PortRange } from "../domain/port-range.ts";
import type { ServerOptions } from "../http/server.ts";

/*
 * Registries' own ports, on one worker. The database says which there are; every worker of every process looks again a moment after anything was
 * committed, by whomever:
 *
 *   a registry has a port         listen there, at each host of MOORAGE_LISTEN; all workers share it (SO_REUSEPORT)
 *   something else listens there  the registry exists all the same; the log says so, and it is tried again
 *   a registry is gone            stop listening; what comes over connections that are still open is refused
 *
 * Connections are handed to the worker's server as if it had accepted them: limits, TLS and all that is between are the same there.
 */

export interface PortListenerParts {
  readonly range: PortRange;
  /** The hosts to listen at. */
  readonly hosts: readonly string[];
  readonly composition: Pick<Composition, "context" | "changes">;
  /** Tells what concerns the server as a whole. */
  readonly leads: boolean;
}

interface OpenPort {
  readonly servers: readonly Server[];
}

export class RegistryPortListeners {
  readonly #parts: PortListenerParts;
  readonly #open = new Map<number, OpenPort>();
  readonly #retryAt = new Map<number, number>();
  readonly #closing = new Set<Promise<void>>();
  #accept: (connection: Socket) => void = (connection) => connection.destroy();
  #registries: ReadonlyMap<number, string> = new Map();
  #version: number | undefined;
  #timer: NodeJS.Timeout | undefined;
  #round: Promise<void> | undefined;

  constructor(parts: PortListenerParts) {
    this.#parts = parts;
  }

  /** For the server that takes the connections. */
  readonly registryAt: NonNullable<ServerOptions["registryAt"]> = (port) =>
    isInRange(this.#parts.range, port) ? (this.#registries.get(port) ?? null) : undefined;

  /** Registries that have no port get theirs; resolves when all are open. `accept` takes connections over. */
  async start(accept: (connection: Socket) => void): Promise<void> {
    this.#accept = accept;
    const { context } = this.#parts.composition;
    if (this.#parts.leads) {
      const registries = await context.metadata.registryPorts.settle(this.#parts.range);
      if (registries > 0) {
        context.events.warn("registry-ports-exhausted", { ...this.#parts.range, registries });
      }
    }
    await this.#look();
    this.#timer = setInterval(() => {
      this.#round ??= this.#look().finally(() => {
        this.#round = undefined;
      });
    }, REGISTRY_PORTS_POLL_MILLISECONDS).unref();
  }

  /** No new connections; resolves when those that there were have ended. */
  async close(): Promise<void> {
    clearInterval(this.#timer);
    await this.#round;
    for (const port of this.#open.keys()) {
      this.#shut(port);
    }
    await Promise.all(this.#closing);
  }

  /** Never rejects. */
  async #look(): Promise<void> {
    const { context, changes } = this.#parts.composition;
    try {
      const version = changes.version("registries");
      if (version === this.#version && !this.#isRetryDue()) {
        return;
      }
      const listed = await context.metadata.registryPorts.list(this.#parts.range);
      this.#version = version;
      await this.#settle(listed);
    } catch (error) {
      context.events.error("registry-ports-not-read", error);
    }
  }

  #isRetryDue(): boolean {
    const now = performance.now();
    return [...this.#retryAt.values()].some((at) => at <= now);
  }

  async #settle(
    listed: readonly { readonly port: number; readonly registry: string }[],
  ): Promise<void> {
    this.#registries = new Map(listed.map(({ port, registry }) => [port, registry]));
    for (const port of [...this.#open.keys(), ...this.#retryAt.keys()]) {
      if (!this.#registries.has(port)) {
        this.#shut(port);
      }
    }
    for (const { port, registry } of listed) {
      const isWaiting = (this.#retryAt.get(port) ?? 0) > performance.now();
      if (!this.#open.has(port) && !isWaiting) {
        await this.#listen(port, registry);
      }
    }
  }

  async #listen(port: number, registry: string): Promise<void> {
    const servers: Server[] = [];
    try {
      for (const host of this.#parts.hosts) {
        const server = createServer(SOCKET_OPTIONS, (connection) => this.#accept(connection));
        servers.push(server);
        await listen(server, host, port);
      }
      this.#open.set(port, { servers });
      const isLate = this.#retryAt.delete(port);
      if (isLate && this.#parts.leads) {
        this.#parts.composition.context.events.info("registry-port-opened", { registry, port });
      }
    } catch (error) {
      for (const server of servers) {
        server.close();
      }
      this.#tellOnce(error, registry, port);
      this.#retryAt.set(port, performance.now() + REGISTRY_PORT_RETRY_MILLISECONDS);
    }
  }

  #tellOnce(error: unknown, registry: string, port: number): void {
    if (this.#parts.leads && !this.#retryAt.has(port)) {
      this.#parts.composition.context.events.error("registry-port-not-opened", error, {
        registry,
        port,
      });
    }
  }

  #shut(port: number): void {
    for (const server of this.#open.get(port)?.servers ?? []) {
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      this.#closing.add(closed);
      void closed.then(() => this.#closing.delete(closed));
    }
    this.#open.delete(port);
    this.#retryAt.delete(port);
  }
}

/** What Node's own HTTP server asks of its connections. */
const SOCKET_OPTIONS = { allowHalfOpen: true, noDelay: true } as const;

/** Ports are shared by all workers of all processes on the data directory, where the system can do that. */
const CAN_SHARE = process.platform === "linux";

function listen(server: Server, host: string, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once("error", reject);
    server.listen({ host, port, reusePort: CAN_SHARE }, () => {
      server.off("error", reject);
      // What is wrong with a single connection is no reason to end the worker.
      server.on("error", () => {});
      resolve();
    });
  });
}
