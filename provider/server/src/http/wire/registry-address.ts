import type { Target } from "../../app/admit.ts";

/** How one request addresses a registry. */
export interface RegistryAddress {
  /** The registry that the host name, or the port, stands for; absent where all registries share one. */
  readonly hostRegistry: string | undefined;
}

const LABELS = /^([a-z][-a-z0-9]{1,61}[a-z0-9])\.cr\.[a-z0-9]+(?:-[a-z0-9]+)*$/;

/** Reads a `Host` header: `<registry>.cr.<location>.<domain>[:port]` is one registry's own name; any other is shared. */
export function parseHost(host: string | undefined, domain: string): RegistryAddress {
  const name = (host ?? "").toLowerCase().replace(/:\d*$/, "").replace(/\.$/, "");
  const suffix = `.${domain}`;
  const labels = name.endsWith(suffix) ? name.slice(0, -suffix.length) : "";
  return { hostRegistry: LABELS.exec(labels)?.[1] };
}

/**
 * Finds registry and repository in a name as a client spells it: on a registry's own host or port the whole name is the repository's; on a
 * shared one its first component is the registry.
 */
export function targetOf({ hostRegistry }: RegistryAddress, name: string): Target {
  if (hostRegistry !== undefined) {
    return { registry: hostRegistry, repository: name };
  }
  const slash = name.indexOf("/");
  return slash < 0
    ? { registry: name, repository: "" }
    : { registry: name.slice(0, slash), repository: name.slice(slash + 1) };
}
