import assert from "node:assert/strict";
import fc from "fast-check";
import { AddressRanges, plainAddress } from "../../../provider/server/src/app/address-ranges.ts";

interface Family {
  readonly bits: number;
  readonly spell: (address: bigint) => string;
}

const V4: Family = {
  bits: 32,
  spell: (address) => [24n, 16n, 8n, 0n].map((shift) => (address >> shift) & 255n).join("."),
};
const V6: Family = {
  bits: 128,
  spell: (address) =>
    [112n, 96n, 80n, 64n, 48n, 32n, 16n, 0n]
      .map((shift) => ((address >> shift) & 0xffffn).toString(16))
      .join(":"),
};

const familyOf = fc.constantFrom(V4, V6);
const addressOf = ({ bits }: Family) => fc.bigInt(0n, (1n << BigInt(bits)) - 1n);

/** A range, and an address that shares so many leading bits with it, before they differ. */
const rangeAndAddress = familyOf.chain((family) =>
  fc
    .record({
      network: addressOf(family),
      noise: addressOf(family),
      length: fc.nat(family.bits),
      shared: fc.nat(family.bits),
    })
    .map(({ network, noise, length, shared }) => ({
      family,
      network,
      length,
      address:
        ((network >> tail(family, shared)) << tail(family, shared)) |
        (noise & mask(family, shared)),
    })),
);

function tail({ bits }: Family, length: number): bigint {
  return BigInt(bits - length);
}

function mask(family: Family, length: number): bigint {
  return (1n << tail(family, length)) - 1n;
}

describe("ranges of addresses", () => {
  it("hold exactly the addresses whose leading bits are the range's", () => {
    fc.assert(
      fc.property(rangeAndAddress, ({ family, network, length, address }) => {
        const ranges = new AddressRanges([`${family.spell(network)}/${length}`]);
        const isInside = network >> tail(family, length) === address >> tail(family, length);
        const spelled = plainAddress(family.spell(address));
        assert.ok(spelled !== undefined);
        // An IPv4-mapped address is one of the other family.
        fc.pre(family === V4 || address >> 32n !== 0xffffn);
        fc.pre(family === V4 || network >> 32n !== 0xffffn);
        assert.equal(ranges.has(spelled), isInside);
      }),
      { numRuns: 2000 },
    );
  });

  it("hold one address where no length is given", () => {
    fc.assert(
      fc.property(rangeAndAddress, ({ family, network, address }) => {
        const ranges = new AddressRanges([family.spell(network)]);
        const spelled = plainAddress(family.spell(address)) ?? "";
        assert.equal(ranges.has(spelled), network === address);
      }),
    );
  });

  it("take an IPv4-mapped IPv6 address for IPv4, in ranges and in what is looked up", () => {
    fc.assert(
      fc.property(addressOf(V4), addressOf(V4), fc.nat(32), (network, address, length) => {
        const mapped = (value: bigint) => V6.spell((0xffffn << 32n) | value);
        const plain = new AddressRanges([`${V4.spell(network)}/${length}`]);
        const spelled = plainAddress(mapped(address)) ?? "";
        assert.equal(spelled, V4.spell(address));
        const asMapped = new AddressRanges([`${mapped(network)}/${96 + length}`]);
        assert.equal(asMapped.has(spelled), plain.has(V4.spell(address)));
      }),
    );
  });

  it("hold everyone of the family, and nobody else, with the length 0", () => {
    fc.assert(
      fc.property(familyOf, familyOf, fc.bigInt(0n, (1n << 32n) - 1n), (one, other, address) => {
        const ranges = new AddressRanges([one === V4 ? "0.0.0.0/0" : "::/0"]);
        const spelled = plainAddress(other.spell(address)) ?? "";
        assert.equal(ranges.has(spelled), one === other);
      }),
    );
  });

  it("hold nothing that is no address, and never fail", () => {
    const everyone = new AddressRanges(["0.0.0.0/0", "::/0"]);
    fc.assert(
      fc.property(fc.string({ unit: "binary" }), (text) => {
        fc.pre(plainAddress(text) === undefined);
        assert.equal(everyone.has(text), false);
      }),
    );
  });
});
