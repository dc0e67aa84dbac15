import { isInRange, type PortRange } from "./port-range.ts";
import type { Registry } from "./registry.ts";

/** How clients are told to address registries; every way is served, whichever is told. */
export interface Addressing {
  readonly addressing: "host" | "path" | "port";
  /** Suffix of registries' host names. */
  readonly domain: string;
  /** `https://host:port`, without a path. */
  readonly publicUrl: string;
  /** Absent: registries have no ports of their own. */
  readonly registryPorts?: PortRange | undefined;
}

type Named = Pick<Registry, "name" | "location" | "port">;

/** A registry's own host name: `<name>.cr.<location, / as ->.<domain>` (management API, "Registry"). */
export function hostnameOf(registry: Named, domain: string): string {
  return `${registry.name}.cr.${registry.location.replaceAll("/", "-")}.${domain}`;
}

/** The port that is the registry's alone, if it has one that is served. */
export function portOf(
  { port }: Pick<Registry, "port">,
  { registryPorts }: Pick<Addressing, "registryPorts">,
): number | undefined {
  return registryPorts !== undefined && isInRange(registryPorts, port) ? port : undefined;
}

/**
 * What stands before a repository's name in an image reference: `host:port/name`; the registry's own host, with the port if any; or the
 * registry's own port. A registry for which no port was left is addressed by path.
 */
export function endpointOf(registry: Named, addressing: Addressing): string {
  const { host, hostname, port } = new URL(addressing.publicUrl);
  const byPath = `${host}/${registry.name}`;
  switch (addressing.addressing) {
    case "path":
      return byPath;
    case "host": {
      const ownName = hostnameOf(registry, addressing.domain);
      return port === "" ? ownName : `${ownName}:${port}`;
    }
    case "port": {
      const ownPort = portOf(registry, addressing);
      return ownPort === undefined ? byPath : `${hostname}:${ownPort}`;
    }
    default:
      return addressing.addressing satisfies never;
  }
}
