import type { FastifyHelmetOptions } from "@fastify/helmet";
import helmet from "@fastify/helmet";
import type { FastifyInstance } from "fastify";
import { STRICT_TRANSPORT_SECONDS } from "../domain/limits.ts";

declare module "fastify" {
  interface FastifyInstance {
    /** Clients reach the server by HTTPS, and browsers are to stay with it. */
    readonly isReachedByTls: boolean;
  }
}

/** Not for subdomains: with host addressing, a registry's server may have others. */
export const STRICT_TRANSPORT = {
  "Strict-Transport-Security": `max-age=${STRICT_TRANSPORT_SECONDS}`,
} as const;

/** What answers are that nobody should see as a page. A route that serves one sets its own `config.helmet`. */
const DATA = {
  contentSecurityPolicy: {
    useDefaults: false,
    directives: { defaultSrc: ["'none'"], frameAncestors: ["'none'"] },
  },
  xFrameOptions: { action: "deny" },
} satisfies FastifyHelmetOptions;

/** Gives each answer of a scope the headers that browsers protect its readers by. Before the scope's own hooks, so that refusals have them. */
export async function protectBrowsers(scope: FastifyInstance): Promise<void> {
  await scope.register(helmet, {
    ...DATA,
    strictTransportSecurity: scope.isReachedByTls && {
      maxAge: STRICT_TRANSPORT_SECONDS,
      includeSubDomains: false,
    },
  });
}
