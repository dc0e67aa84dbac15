const ports = new Set<number>();

/** Whatever is answered at this port of this machine is to be as the OpenAPI description says. */
export function serves(port: number): void {
  ports.add(port);
}

/** Somebody else may come to have the port. */
export function servesNoMore(port: number): void {
  ports.delete(port);
}

export function isServed(port: number | undefined): boolean {
  return port !== undefined && ports.has(port);
}
