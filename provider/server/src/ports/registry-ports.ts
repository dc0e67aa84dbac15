import type { PortRange } from "../domain/port-range.ts";

/** A registry's own port. */
export interface RegistryPort {
  readonly port: number;
  /** The registry's name. */
  readonly registry: string;
}

/** Ports of registries. New registries get theirs from `RegistryStore.create`; they end with the registry. */
export interface RegistryPorts {
  /** All ports of that range that registries have. */
  list(range: PortRange): Promise<readonly RegistryPort[]>;

  /**
   * Gives registries that have no port, or one outside the range, the lowest that are free, the oldest registries first. Returns how many got none
   * because the range is used up. Repeating it changes nothing.
   */
  settle(range: PortRange): Promise<number>;
}
