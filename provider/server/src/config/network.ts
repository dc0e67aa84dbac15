import { isIP } from "node:net";
import { resolve } from "node:path";
import { z } from "zod";
import { isInRange, type PortRange } from "../domain/port-range.ts";
import { ConfigError } from "./config-error.ts";
import { commaSeparated, flag, noneOr } from "./spellings.ts";

/** Where the server listens, and how clients reach it. */
export interface NetworkConfig {
  /** Never empty. */
  readonly listen: readonly ListenAddress[];
  readonly addressing: "host" | "path" | "port";
  /** Absent: registries have no ports of their own. */
  readonly registryPorts: PortRange | undefined;
  readonly domain: string;
  /** Without a trailing slash. */
  readonly publicUrl: string;
  /** Made from the first listener's address. */
  readonly isPublicUrlGuessed: boolean;
  /** Absent: plain HTTP. */
  readonly tls: TlsFiles | undefined;
  /** Addresses and CIDR ranges. */
  readonly trustedProxies: readonly string[];
  /** Origins whose pages may call the APIs; `*` alone is every one. */
  readonly corsOrigins: readonly string[];
}

export interface ListenAddress {
  readonly host: string;
  readonly port: number;
}

export interface TlsFiles {
  readonly certFile: string;
  readonly keyFile: string;
}

const listenAddress = z.string().transform(readAddress);

/** Reads `<host>:<port>`. */
export function readAddress(text: string, context: z.RefinementCtx): ListenAddress {
  const match = /^(?:\[([0-9a-fA-F:]+)\]|([^:\s[\]]+)):(\d{1,5})$/.exec(text.trim());
  const port = Number(match?.[3]);
  if (match === null || port < 1 || port > 65_535) {
    context.addIssue(
      `${JSON.stringify(text)} is not an address; expected <host>:<port>, with a port from 1 to 65535`,
    );
    return z.NEVER;
  }
  return { host: match[1] ?? match[2] ?? "", port };
}

const addressRange = z.union(
  [z.ipv4(), z.ipv6(), z.cidrv4(), z.cidrv6()],
  "expected addresses or CIDR ranges, such as 192.0.2.7 or 10.0.0.0/8 or fd00::/8, or none",
);

const origin = z.string().refine((text) => text === "*" || URL.parse(text)?.origin === text, {
  error: "expected origins, such as https://console.example.com, or * or none",
});

const PORTS_EXPECTED = 'expected "off" or <from>-<to>, such as 20000-20999, ports from 1 to 65535';

const portRange = z.string().transform((text, context): PortRange | undefined => {
  if (text.trim() === "off") {
    return undefined;
  }
  const match = /^(\d{1,5})-(\d{1,5})$/.exec(text.trim());
  const [from, to] = [Number(match?.[1]), Number(match?.[2])];
  if (match === null || from < 1 || to > 65_535 || from > to) {
    context.addIssue(PORTS_EXPECTED);
    return z.NEVER;
  }
  return { from, to };
});

export const NETWORK_SETTINGS = {
  MOORAGE_LISTEN: commaSeparated.pipe(z.array(listenAddress)).prefault("127.0.0.1:5000"),
  MOORAGE_TLS_CERT_FILE: z.string().optional(),
  MOORAGE_TLS_KEY_FILE: z.string().optional(),
  MOORAGE_ALLOW_HTTP: flag.prefault("false"),
  MOORAGE_PUBLIC_URL: z
    .url({ protocol: /^https?$/, error: "expected http(s)://<host>[:<port>]" })
    .refine((url) => URL.parse(url)?.pathname === "/" && !/[?#@]/.test(url), {
      error: "expected http(s)://<host>[:<port>], without a path",
    })
    .transform((url) => url.replace(/\/$/, ""))
    .optional(),
  MOORAGE_TRUSTED_PROXIES: noneOr(addressRange).prefault("none"),
  MOORAGE_CORS_ORIGINS: noneOr(origin).prefault("none"),
  MOORAGE_ADDRESSING: z
    .enum(["path", "host", "port"], 'expected "path", "host" or "port"')
    .default("path"),
  MOORAGE_REGISTRY_PORTS: portRange.prefault("off"),
  MOORAGE_DOMAIN: z
    .string()
    .toLowerCase()
    .regex(/^[a-z0-9]+(?:[.-][a-z0-9]+)*$/, "expected a domain name, without a port")
    .default("localhost"),
};

const NETWORK = z.object(NETWORK_SETTINGS);

/** @throws ConfigError where settings do not go together */
export function networkConfig(settings: z.output<typeof NETWORK>): NetworkConfig {
  const tls = tlsFiles(settings.MOORAGE_TLS_CERT_FILE, settings.MOORAGE_TLS_KEY_FILE);
  if (tls === undefined) {
    refusePlainHttp(settings.MOORAGE_LISTEN, settings.MOORAGE_ALLOW_HTTP);
  }
  const scheme = tls === undefined ? "http" : "https";
  expectPorts(settings);
  return {
    listen: settings.MOORAGE_LISTEN,
    addressing: settings.MOORAGE_ADDRESSING,
    registryPorts: settings.MOORAGE_REGISTRY_PORTS,
    domain: settings.MOORAGE_DOMAIN,
    publicUrl: settings.MOORAGE_PUBLIC_URL ?? `${scheme}://${hostOf(settings.MOORAGE_LISTEN)}`,
    isPublicUrlGuessed: settings.MOORAGE_PUBLIC_URL === undefined,
    tls,
    trustedProxies: settings.MOORAGE_TRUSTED_PROXIES,
    corsOrigins: settings.MOORAGE_CORS_ORIGINS,
  };
}

function tlsFiles(certFile: string | undefined, keyFile: string | undefined): TlsFiles | undefined {
  if (certFile === undefined && keyFile === undefined) {
    return undefined;
  }
  if (certFile === undefined) {
    throw new ConfigError("MOORAGE_TLS_CERT_FILE: MOORAGE_TLS_KEY_FILE is set; set both, or none");
  }
  if (keyFile === undefined) {
    throw new ConfigError("MOORAGE_TLS_KEY_FILE: MOORAGE_TLS_CERT_FILE is set; set both, or none");
  }
  return { certFile: resolve(certFile), keyFile: resolve(keyFile) };
}

function expectPorts(settings: z.output<typeof NETWORK>): void {
  const range = settings.MOORAGE_REGISTRY_PORTS;
  if (range === undefined) {
    if (settings.MOORAGE_ADDRESSING === "port") {
      throw new ConfigError(
        "MOORAGE_REGISTRY_PORTS: MOORAGE_ADDRESSING is port; set the ports for registries, such as 20000-20999",
      );
    }
    return;
  }
  const taken = settings.MOORAGE_LISTEN.find(({ port }) => isInRange(range, port));
  if (taken !== undefined) {
    throw new ConfigError(
      `MOORAGE_REGISTRY_PORTS: ${range.from}-${range.to} contains ${taken.port}, a port of MOORAGE_LISTEN; keep them apart`,
    );
  }
}

/** The address to reach a listener at: one that listens everywhere is reached as localhost. */
function hostOf(listen: readonly ListenAddress[]): string {
  const { host, port } = listen[0] ?? { host: "127.0.0.1", port: 0 };
  const name = host === "0.0.0.0" || host === "::" ? "localhost" : host;
  return `${isIP(name) === 6 ? `[${name}]` : name}:${port}`;
}

function refusePlainHttp(listen: readonly ListenAddress[], isAllowed: boolean): void {
  const exposed = listen.find(({ host }) => !isLoopback(host));
  if (exposed !== undefined && !isAllowed) {
    throw new ConfigError(
      `MOORAGE_LISTEN: ${exposed.host} can be reached from other machines, and credentials would travel in clear; ` +
        "set MOORAGE_TLS_CERT_FILE and MOORAGE_TLS_KEY_FILE, or end TLS in front of the server and set MOORAGE_ALLOW_HTTP=true, or listen on 127.0.0.1",
    );
  }
}

export function isLoopback(host: string): boolean {
  return host === "localhost" || host === "::1" || (isIP(host) === 4 && host.startsWith("127."));
}
