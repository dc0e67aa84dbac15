import { BoundedMap } from "../domain/bounded-map.ts";
import { RegistryError } from "../domain/errors.ts";
import { COMPILED_ALLOW_LISTS_MAX } from "../domain/limits.ts";
import type { Registry } from "../domain/registry.ts";
import { AddressRanges } from "./address-ranges.ts";

/** By the list's own text: two lists that say the same are one, and a list that changes is another. */
const compiled = new BoundedMap<string, AddressRanges>(COMPILED_ALLOW_LISTS_MAX);

/** Whether a registry's allow-list lets requests from an address in. From nowhere, only a list of nobody does. */
export function admitsAddress(
  { allowList }: Pick<Registry, "allowList">,
  address: string | undefined,
): boolean {
  return allowList.length === 0 || (address !== undefined && rangesOf(allowList).has(address));
}

/** @throws RegistryError `address-refused` */
export function expectAdmittedAddress(
  registry: Pick<Registry, "allowList" | "name">,
  address: string | undefined,
): void {
  if (!admitsAddress(registry, address)) {
    throw new RegistryError("address-refused", {
      registry: registry.name,
      address: address ?? "an unknown address",
    });
  }
}

function rangesOf(allowList: readonly string[]): AddressRanges {
  const text = allowList.join(",");
  const known = compiled.get(text);
  if (known !== undefined) {
    return known;
  }
  const ranges = new AddressRanges(allowList);
  compiled.set(text, ranges);
  return ranges;
}
