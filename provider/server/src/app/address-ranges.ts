import { BlockList, isIP, isIPv4, SocketAddress } from "node:net";

/**
 * Addresses and CIDR ranges, IPv4 and IPv6. An address without a prefix length is that single address; bits behind the prefix do not count.
 * IPv4-mapped IPv6 addresses (`::ffff:192.0.2.1`) are IPv4 addresses, in ranges and in what is looked up; the families do not mix otherwise:
 * `::/0` holds no IPv4 address.
 */
export class AddressRanges {
  readonly #v4 = new BlockList();
  readonly #v6 = new BlockList();

  /** What is no address or range, which the boundary has refused, holds nobody. */
  constructor(entries: readonly string[]) {
    for (const entry of entries) {
      this.#add(entry);
    }
  }

  /** `address` as `plainAddress` spells it; anything else is in no range. */
  has(address: string): boolean {
    switch (isIP(address)) {
      case 4:
        return this.#v4.check(address, "ipv4");
      case 6:
        return this.#v6.check(address, "ipv6");
      default:
        return false;
    }
  }

  #add(entry: string): void {
    const [text = "", length] = entry.split("/", 2);
    const address = isIP(text) === 0 ? "" : canonical(text);
    const mapped = unmapped(address);
    if (isIPv4(address)) {
      this.#v4.addSubnet(address, Number(length ?? 32), "ipv4");
    } else if (mapped !== undefined && Number(length ?? 128) >= MAPPED_BITS) {
      this.#v4.addSubnet(mapped, Number(length ?? 128) - MAPPED_BITS, "ipv4");
    } else if (address !== "") {
      this.#v6.addSubnet(address, Number(length ?? 128), "ipv6");
    }
  }
}

/** Bits of an IPv4-mapped address before the IPv4 address (RFC 4291, section 2.5.5.2). */
const MAPPED_BITS = 96;
const MAPPED_PREFIX = "::ffff:";

/**
 * An address in the one spelling that it has here: an IPv4-mapped one as IPv4, without a zone, shortened.
 * @returns `undefined` for what is no address
 */
export function plainAddress(text: string): string | undefined {
  switch (isIP(text)) {
    case 4:
      return text;
    case 6: {
      const address = canonical(text);
      return unmapped(address) ?? address;
    }
    default:
      return undefined;
  }
}

function canonical(address: string): string {
  const [plain = address] = address.split("%", 1);
  return isIPv4(plain) ? plain : new SocketAddress({ address: plain, family: "ipv6" }).address;
}

function unmapped(address: string): string | undefined {
  const rest = address.startsWith(MAPPED_PREFIX) ? address.slice(MAPPED_PREFIX.length) : "";
  return isIPv4(rest) ? rest : undefined;
}
