import { z } from "zod";
import { isInRange } from "../domain/port-range.ts";
import { ConfigError } from "./config-error.ts";
import { isLoopback, type ListenAddress, NETWORK_SETTINGS, readAddress } from "./network.ts";

/** How the server lets itself be watched. */
export interface TelemetryConfig {
  /** Absent: nothing is measured. */
  readonly metricsListen: ListenAddress | undefined;
}

export const TELEMETRY_SETTINGS = {
  MOORAGE_METRICS_LISTEN: z
    .string()
    .transform((text, context) => (text.trim() === "off" ? undefined : readAddress(text, context)))
    .prefault("off"),
};

const TELEMETRY = z.object({ ...NETWORK_SETTINGS, ...TELEMETRY_SETTINGS });

/** @throws ConfigError where settings do not go together */
export function telemetryConfig(settings: z.output<typeof TELEMETRY>): TelemetryConfig {
  const metricsListen = settings.MOORAGE_METRICS_LISTEN;
  if (metricsListen !== undefined) {
    expectOwnAddress(metricsListen, settings);
    expectPrivate(metricsListen, settings.MOORAGE_ALLOW_HTTP);
  }
  return { metricsListen };
}

function expectOwnAddress(
  { host, port }: ListenAddress,
  settings: z.output<typeof TELEMETRY>,
): void {
  const { MOORAGE_LISTEN: listen, MOORAGE_REGISTRY_PORTS: ports } = settings;
  if (listen.some((other) => other.port === port && other.host === host)) {
    throw new ConfigError(
      "MOORAGE_METRICS_LISTEN: MOORAGE_LISTEN has this address, too; expected one of its own",
    );
  }
  if (ports !== undefined && isInRange(ports, port)) {
    throw new ConfigError(
      "MOORAGE_METRICS_LISTEN: its port is one of MOORAGE_REGISTRY_PORTS; expected another one",
    );
  }
}

/** Metrics name nobody and hold no secret, but they tell how the server is doing, and the listener asks nobody who they are. */
function expectPrivate({ host }: ListenAddress, isAllowed: boolean): void {
  if (!isLoopback(host) && !isAllowed) {
    throw new ConfigError(
      `MOORAGE_METRICS_LISTEN: ${host} can be reached from other machines, and whoever reaches it may read the metrics, in clear; ` +
        "set MOORAGE_ALLOW_HTTP=true where only Prometheus can, or listen on 127.0.0.1",
    );
  }
}
