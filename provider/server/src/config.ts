import { readFileSync } from "node:fs";
import { isIP } from "node:net";
import { availableParallelism } from "node:os";
import { resolve } from "node:path";
import { z } from "zod";
import {
  GARBAGE_GRACE_MILLISECONDS_MAX,
  PASSWORD_LENGTH_MAX,
  PASSWORD_LENGTH_MIN,
  READ_ONLY_WAIT_MILLISECONDS_MAX,
  WORKERS_MAX,
} from "./domain/limits.ts";

/** The server's settings, read once from the environment and frozen; `docs/reference/configuration.md` describes each. */
export interface Config {
  /** Never empty. */
  readonly listen: readonly ListenAddress[];
  readonly dataDir: string;
  readonly admin: { readonly email: string; readonly password: string | undefined };
  readonly addressing: "host" | "path";
  readonly domain: string;
  /** Without a trailing slash. */
  readonly publicUrl: string;
  readonly locations: readonly string[];
  /** base64, 32 bytes; absent: generated into the data directory. */
  readonly masterKey: string | undefined;
  /** How long a push or a delete waits for a registry that is read-only. */
  readonly readOnlyWaitMilliseconds: number;
  /** For how long a blob that a client was told of is no garbage. */
  readonly garbageGraceMilliseconds: number;
  /** Threads that answer requests. */
  readonly workers: number;
  readonly logLevel: LogLevel;
}

export interface ListenAddress {
  readonly host: string;
  readonly port: number;
}

const LOG_LEVELS = ["debug", "info", "warn", "error", "silent"] as const;
export type LogLevel = (typeof LOG_LEVELS)[number];

/** Settings that are wrong: what an operator reads at the start, one line a setting, never with the value of a secret. */
export class ConfigError extends Error {
  override readonly name = "ConfigError";

  /** By its name: what a worker's thread throws reaches the process as a plain `Error`. */
  static is(error: unknown): error is Error {
    return error instanceof Error && error.name === "ConfigError";
  }
}

/** Names of all settings, in the order of the reference. */
export const SETTINGS = [
  "MOORAGE_LISTEN",
  "MOORAGE_DATA_DIR",
  "MOORAGE_ADMIN_EMAIL",
  "MOORAGE_ADMIN_PASSWORD",
  "MOORAGE_ADDRESSING",
  "MOORAGE_DOMAIN",
  "MOORAGE_PUBLIC_URL",
  "MOORAGE_LOCATIONS",
  "MOORAGE_ALLOW_HTTP",
  "MOORAGE_MASTER_KEY",
  "MOORAGE_READ_ONLY_WAIT",
  "MOORAGE_GARBAGE_GRACE",
  "MOORAGE_WORKERS",
  "MOORAGE_LOG_LEVEL",
] as const;

/** Settings that also come as `…_FILE`: a path to a file that holds the value. */
export const SECRET_SETTINGS = ["MOORAGE_ADMIN_PASSWORD", "MOORAGE_MASTER_KEY"] as const;

type Environment = Readonly<Record<string, string | undefined>>;

/** @throws ConfigError that lists everything that is wrong */
export function readConfig(environment: Environment): Config {
  const result = ENVIRONMENT.safeParse(withSecretFiles(environment));
  if (!result.success) {
    throw new ConfigError(
      result.error.issues.map((issue) => `${issue.path.join(".")}: ${issue.message}`).join("\n"),
    );
  }
  const settings = result.data;
  refusePlainHttp(settings.MOORAGE_LISTEN, settings.MOORAGE_ALLOW_HTTP);
  return Object.freeze({
    listen: settings.MOORAGE_LISTEN,
    dataDir: resolve(settings.MOORAGE_DATA_DIR),
    admin: {
      email: settings.MOORAGE_ADMIN_EMAIL,
      password: settings.MOORAGE_ADMIN_PASSWORD,
    },
    addressing: settings.MOORAGE_ADDRESSING,
    domain: settings.MOORAGE_DOMAIN,
    publicUrl: settings.MOORAGE_PUBLIC_URL ?? urlOf(settings.MOORAGE_LISTEN),
    locations: settings.MOORAGE_LOCATIONS,
    masterKey: settings.MOORAGE_MASTER_KEY,
    readOnlyWaitMilliseconds: settings.MOORAGE_READ_ONLY_WAIT,
    garbageGraceMilliseconds: settings.MOORAGE_GARBAGE_GRACE,
    workers: settings.MOORAGE_WORKERS ?? Math.min(availableParallelism(), WORKERS_MAX),
    logLevel: settings.MOORAGE_LOG_LEVEL,
  });
}

/** The address to reach a listener at: one that listens everywhere is reached as localhost. */
function urlOf(listen: readonly ListenAddress[]): string {
  const { host, port } = listen[0] ?? { host: "127.0.0.1", port: 0 };
  const name = host === "0.0.0.0" || host === "::" ? "localhost" : host;
  return `http://${isIP(name) === 6 ? `[${name}]` : name}:${port}`;
}

const listenAddress = z.string().transform((text, context): ListenAddress => {
  const match = /^(?:\[([0-9a-fA-F:]+)\]|([^:\s[\]]+)):(\d{1,5})$/.exec(text.trim());
  const port = Number(match?.[3]);
  if (match === null || port < 1 || port > 65_535) {
    context.addIssue(
      `${JSON.stringify(text)} is not an address; expected <host>:<port>, with a port from 1 to 65535`,
    );
    return z.NEVER;
  }
  return { host: match[1] ?? match[2] ?? "", port };
});

const commaSeparated = z.string().transform((text) => text.split(",").map((part) => part.trim()));

const UNIT_MILLISECONDS = { ms: 1, s: 1000, m: 60_000, h: 3_600_000 } as const;

const duration = (millisecondsMax: number) =>
  z.string().transform((text, context): number => {
    const match = /^(\d{1,9})(ms|s|m|h)$/.exec(text.trim());
    const unit = UNIT_MILLISECONDS[match?.[2] as keyof typeof UNIT_MILLISECONDS] ?? 0;
    const milliseconds = Number(match?.[1]) * unit;
    if (match === null || milliseconds > millisecondsMax) {
      const hours = millisecondsMax / UNIT_MILLISECONDS.h;
      context.addIssue(`expected a time such as 500ms, 10s, 5m or 24h, ${hours}h at most`);
      return z.NEVER;
    }
    return milliseconds;
  });

const WORKERS_EXPECTED = `expected a number from 1 to ${WORKERS_MAX}`;

const ENVIRONMENT = z.object({
  MOORAGE_LISTEN: commaSeparated.pipe(z.array(listenAddress)).prefault("127.0.0.1:5000"),
  MOORAGE_DATA_DIR: z.string().min(1).default(".moorage"),
  MOORAGE_ADMIN_EMAIL: z.email("expected an e-mail address").default("admin@moorage.local"),
  MOORAGE_ADMIN_PASSWORD: z
    .string()
    .min(PASSWORD_LENGTH_MIN, `expected at least ${PASSWORD_LENGTH_MIN} characters`)
    .max(PASSWORD_LENGTH_MAX, `expected at most ${PASSWORD_LENGTH_MAX} characters`)
    .optional(),
  MOORAGE_ADDRESSING: z.enum(["path", "host"], 'expected "path" or "host"').default("path"),
  MOORAGE_DOMAIN: z
    .string()
    .toLowerCase()
    .regex(/^[a-z0-9]+(?:[.-][a-z0-9]+)*$/, "expected a domain name, without a port")
    .default("localhost"),
  MOORAGE_PUBLIC_URL: z
    .url({ protocol: /^https?$/, error: "expected http(s)://<host>[:<port>]" })
    .refine((url) => URL.parse(url)?.pathname === "/" && !/[?#@]/.test(url), {
      error: "expected http(s)://<host>[:<port>], without a path",
    })
    .transform((url) => url.replace(/\/$/, ""))
    .optional(),
  MOORAGE_LOCATIONS: commaSeparated
    .pipe(z.array(z.string().regex(/^[a-z]{2}\/[a-z]{3}$/, "expected cc/ccc, for example de/fra")))
    .prefault("de/fra"),
  MOORAGE_ALLOW_HTTP: z
    .enum(["true", "false"], 'expected "true" or "false"')
    .transform((text) => text === "true")
    .prefault("false"),
  MOORAGE_MASTER_KEY: z
    .string()
    .trim()
    .refine((key) => /^[A-Za-z0-9+/]{43}=$/.test(key), {
      error: "expected 32 bytes in base64, as `openssl rand -base64 32` prints them",
    })
    .optional(),
  MOORAGE_READ_ONLY_WAIT: duration(READ_ONLY_WAIT_MILLISECONDS_MAX).prefault("10s"),
  MOORAGE_GARBAGE_GRACE: duration(GARBAGE_GRACE_MILLISECONDS_MAX).prefault("24h"),
  MOORAGE_WORKERS: z
    .string()
    .regex(/^[1-9]\d?$/, WORKERS_EXPECTED)
    .transform(Number)
    .refine((workers) => workers <= WORKERS_MAX, WORKERS_EXPECTED)
    .optional(),
  MOORAGE_LOG_LEVEL: z.enum(LOG_LEVELS, `expected one of ${LOG_LEVELS.join(", ")}`).default("info"),
});

/** An empty variable counts as one that is not set. */
function withSecretFiles(environment: Environment): Environment {
  const given = Object.entries(environment).filter(([, value]) => value !== "");
  const settings: Record<string, string | undefined> = Object.fromEntries(given);
  for (const name of SECRET_SETTINGS) {
    const file = settings[`${name}_FILE`];
    if (file === undefined) {
      continue;
    }
    if (settings[name] !== undefined) {
      throw new ConfigError(`${name}: set either ${name} or ${name}_FILE, not both`);
    }
    settings[name] = readSecret(name, file);
  }
  return settings;
}

function readSecret(name: string, file: string): string {
  try {
    return readFileSync(file, "utf8").trim();
  } catch (cause) {
    throw new ConfigError(`${name}_FILE: cannot read ${JSON.stringify(file)}`, { cause });
  }
}

function refusePlainHttp(listen: readonly ListenAddress[], isAllowed: boolean): void {
  const exposed = listen.find(({ host }) => !isLoopback(host));
  if (exposed !== undefined && !isAllowed) {
    throw new ConfigError(
      `MOORAGE_LISTEN: ${exposed.host} can be reached from other machines, and credentials would travel in clear; ` +
        "end TLS in front of the server and set MOORAGE_ALLOW_HTTP=true, or listen on 127.0.0.1",
    );
  }
}

function isLoopback(host: string): boolean {
  return host === "localhost" || host === "::1" || (isIP(host) === 4 && host.startsWith("127."));
}
