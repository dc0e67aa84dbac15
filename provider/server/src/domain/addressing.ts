import type { Registry } from "./registry.ts";

/** How clients are told to address registries; every way is served, whichever is told. */
export interface Addressing {
  readonly addressing: "host" | "path";
  /** Suffix of registries' host names. */
  readonly domain: string;
  /** `https://host:port`, without a path. */
  readonly publicUrl: string;
}

type Named = Pick<Registry, "name" | "location">;

/** A registry's own host name: `<name>.cr.<location, / as ->.<domain>` (management API, "Registry"). */
export function hostnameOf(registry: Named, domain: string): string {
  return `${registry.name}.cr.${registry.location.replaceAll("/", "-")}.${domain}`;
}

/** What stands before a repository's name in an image reference: `host:port/name`, or the registry's own host, with the port if any. */
export function endpointOf(registry: Named, addressing: Addressing): string {
  const { host, port } = new URL(addressing.publicUrl);
  switch (addressing.addressing) {
    case "path":
      return `${host}/${registry.name}`;
    case "host": {
      const hostname = hostnameOf(registry, addressing.domain);
      return port === "" ? hostname : `${hostname}:${port}`;
    }
    default:
      return addressing.addressing satisfies never;
  }
}
