import type { FastifyInstance } from "fastify";
import { RegistryError } from "../domain/errors.ts";
import type { RegistryAddress } from "./wire/registry-address.ts";
import { urlOf } from "./wire/request-url.ts";

/**
 * What a local port is: a registry's name; `undefined` for a port that is no registry's, and so everybody's; `null` for one that was a registry's
 * and is nobody's now, on which a connection may still be open.
 */
export type RegistryAtPort = (port: number | undefined) => string | undefined | null;

declare module "fastify" {
  interface FastifyRequest {
    /** The registry whose own port the request came in at. */
    portRegistry: RegistryAddress | undefined;
    /** Where this client gets its bearer tokens. */
    readonly tokenUrl: string;
  }
}

/** On a registry's port there are its content, the tokens for that, and health; no other registry, and no management. */
const SERVED = /^\/(?:v2(?:\/.*)?|token|healthz|readyz)$/;

/**
 * Makes each request tell whether it came in at a registry's own port, and refuses there what is served elsewhere. There bearer tokens come from
 * the same port, unless a trusted proxy says where the client is; `publicUrl` is what the server says itself.
 */
export function keepToRegistry(
  app: FastifyInstance,
  publicUrl: string,
  registryAt: RegistryAtPort | undefined,
): void {
  app.decorateRequest("portRegistry", undefined);
  app.decorateRequest("tokenUrl", {
    getter() {
      const url = new URL("/token", this.publicUrl);
      if (this.portRegistry !== undefined && this.publicUrl === publicUrl) {
        url.port = String(this.raw.socket.localPort);
      }
      return url.href;
    },
  });
  if (registryAt === undefined) {
    return;
  }
  app.addHook("onRequest", (request, _reply, done) => {
    const registry = registryAt(request.raw.socket.localPort);
    if (registry === undefined) {
      done();
      return;
    }
    const { path } = urlOf(request);
    if (registry === null || !SERVED.test(path)) {
      done(new RegistryError("route-unknown", { method: request.method, path }));
      return;
    }
    request.portRegistry = { hostRegistry: registry };
    done();
  });
}
