/** Ports for registries, both ends included. */
export interface PortRange {
  readonly from: number;
  readonly to: number;
}

export function isInRange({ from, to }: PortRange, port: number | undefined): port is number {
  return port !== undefined && port >= from && port <= to;
}

/** The lowest ports that are not in use, in their order. */
export function* freePorts({ from, to }: PortRange, used: ReadonlySet<number>): Generator<number> {
  for (let port = from; port <= to; port++) {
    if (!used.has(port)) {
      yield port;
    }
  }
}
