import { once } from "node:events";
import { request as tlsRequest } from "node:https";
import { isIP } from "node:net";
import { readConfig } from "../config.ts";
import { HEALTHCHECK_MILLISECONDS_MAX } from "../domain/limits.ts";
import { OperationError } from "../domain/operation-error.ts";
import type { Command } from "./command.ts";

export const HEALTHCHECK: Command = {
  name: "healthcheck",
  summary: "Asks the server of these settings whether it can serve, as a probe does.",
  description: `Reads MOORAGE_LISTEN as the server does and asks its first listener for /readyz.
Exit code 0: it can serve. For container probes: it needs no shell, and no curl.`,
  options: [],
  async run(_given, { environment }) {
    const { listen, tls } = readConfig(environment);
    const { host, port } = listen[0] ?? { host: "127.0.0.1", port: 0 };
    const status = await statusOf({ host: within(host), port, isSecure: tls !== undefined });
    if (status !== 200) {
      throw new OperationError(
        `the server at ${host}:${port} cannot serve: /readyz answered ${status}, expected 200; its log says why`,
      );
    }
  },
};

/** A server that listens everywhere is asked on loopback. */
function within(host: string): string {
  const everywhere = host === "0.0.0.0" || host === "::";
  return everywhere ? (isIP(host) === 6 ? "::1" : "127.0.0.1") : host;
}

interface Listener {
  readonly host: string;
  readonly port: number;
  readonly isSecure: boolean;
}

async function statusOf({ host, port, isSecure }: Listener): Promise<number> {
  const options = { host, port, path: "/readyz", timeout: HEALTHCHECK_MILLISECONDS_MAX };
  // The certificate names the public host; that this is the right server is known from where it listens.
  // Not imported: see `http/unreadable-requests.ts`. Probes come often.
  const { request: plainRequest } = process.getBuiltinModule("node:http");
  const request = isSecure
    ? tlsRequest({ ...options, rejectUnauthorized: false })
    : plainRequest(options);
  request.once("timeout", () =>
    request.destroy(new Error(`no answer within ${HEALTHCHECK_MILLISECONDS_MAX} ms`)),
  );
  request.end();
  try {
    const [response] = await once(request, "response");
    response.resume();
    return Number(response.statusCode);
  } catch (cause) {
    const problem = cause instanceof Error ? cause.message : String(cause);
    throw new OperationError(`the server at ${host}:${port} does not answer: ${problem}`, {
      cause,
    });
  }
}
