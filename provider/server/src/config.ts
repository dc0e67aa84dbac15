import { z } from "zod";
import { ConfigError } from "./config/config-error.ts";
import { IDENTITY_SETTINGS, type IdentityConfig, identityConfig } from "./config/identity.ts";
import { NETWORK_SETTINGS, type NetworkConfig, networkConfig } from "./config/network.ts";
import { PEOPLE_SETTINGS, type PeopleConfig, peopleConfig } from "./config/people.ts";
import { PROCESS_SETTINGS, type ProcessConfig, processConfig } from "./config/process.ts";
import { RATES_SETTINGS, type RatesConfig, ratesConfig } from "./config/rates.ts";
import { type Environment, withSecretFiles } from "./config/secret-files.ts";
import { STORAGE_SETTINGS, type StorageConfig, storageConfig } from "./config/storage.ts";
import { TELEMETRY_SETTINGS, type TelemetryConfig, telemetryConfig } from "./config/telemetry.ts";
import { TRACING_SETTINGS, type TracingConfig, tracingConfig } from "./config/tracing.ts";

/**
 * The server's settings, read once from the environment and frozen; `docs/reference/configuration.md` describes each. A topic has a file of
 * its own, with its settings and what becomes of them.
 */
export interface Config
  extends NetworkConfig,
    StorageConfig,
    PeopleConfig,
    IdentityConfig,
    ProcessConfig,
    RatesConfig,
    TelemetryConfig,
    TracingConfig {
  /** Variables that look like settings and are none. */
  readonly unknownSettings: readonly string[];
}

const ENVIRONMENT = z.object({
  ...NETWORK_SETTINGS,
  ...STORAGE_SETTINGS,
  ...PEOPLE_SETTINGS,
  ...IDENTITY_SETTINGS,
  ...RATES_SETTINGS,
  ...PROCESS_SETTINGS,
  ...TELEMETRY_SETTINGS,
  ...TRACING_SETTINGS,
});

/** Names of all settings, in the order of the reference. */
export const SETTINGS: readonly string[] = Object.keys(ENVIRONMENT.shape);

/** Settings that also come as `…_FILE`: a path to a file that holds the value. In the order of the reference. */
export const SECRET_SETTINGS = [
  "MOORAGE_MASTER_KEY",
  "MOORAGE_ADMIN_PASSWORD",
  "OTEL_EXPORTER_OTLP_HEADERS",
] as const;

/** @throws ConfigError that lists everything that is wrong */
export function readConfig(environment: Environment): Config {
  const result = ENVIRONMENT.safeParse(withSecretFiles(environment, SECRET_SETTINGS));
  if (!result.success) {
    throw new ConfigError(
      result.error.issues.map((issue) => `${issue.path.join(".")}: ${issue.message}`).join("\n"),
    );
  }
  return Object.freeze({
    ...networkConfig(result.data),
    ...storageConfig(result.data),
    ...peopleConfig(result.data),
    ...identityConfig(result.data),
    ...ratesConfig(result.data),
    ...processConfig(result.data),
    ...telemetryConfig(result.data),
    ...tracingConfig(result.data),
    unknownSettings: unknownSettings(environment),
  });
}

/** Not refused: what is no setting for this version may be one for the next. */
function unknownSettings(environment: Environment): readonly string[] {
  const known = new Set([...SETTINGS, ...SECRET_SETTINGS.map((name) => `${name}_FILE`)]);
  return Object.entries(environment)
    .filter(([name, value]) => name.startsWith("MOORAGE_") && !isOfService(name, value))
    .map(([name]) => name)
    .filter((name) => !known.has(name));
}

const SERVICE_VARIABLE =
  /_SERVICE_(?:HOST|PORT(?:_[A-Z0-9_]+)?)$|_PORT_\d+_(?:TCP|UDP|SCTP)(?:_(?:PROTO|PORT|ADDR))?$/;
const SERVICE_ADDRESS = /^(?:tcp|udp|sctp):\/\//;

/** Kubernetes gives containers such variables for each service of the namespace, also for one that is called `moorage`. */
function isOfService(name: string, value = ""): boolean {
  return SERVICE_VARIABLE.test(name) || (name.endsWith("_PORT") && SERVICE_ADDRESS.test(value));
}
