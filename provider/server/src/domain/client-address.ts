/**
 * What one client is counted under: its IPv4 address, or the first 64 bits of its IPv6 address, since the other half is the client's own to
 * choose. An IPv4 address in its IPv6 form counts as itself. `address` is one that the operating system has written.
 */
export function clientOf(address: string): string {
  const plain = address.replace(/%.*$/, "").toLowerCase();
  const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/.exec(plain)?.[1];
  if (mapped !== undefined || !plain.includes(":")) {
    return mapped ?? plain;
  }
  const [front = "", back] = plain.split("::");
  const before = groupsOf(front);
  const after = groupsOf(back ?? "");
  const missing = back === undefined ? 0 : Math.max(8 - before.length - after.length, 0);
  const groups = [...before, ...Array.from({ length: missing }, () => "0"), ...after];
  const network = groups.slice(0, 4).map((group) => group.replace(/^0+(?=.)/, ""));
  return `${network.join(":")}::/64`;
}

function groupsOf(text: string): string[] {
  return text.split(":").filter((group) => group !== "");
}
