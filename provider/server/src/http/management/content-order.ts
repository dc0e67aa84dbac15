/** `-lastPush` as a field and a direction (contract, section 1, "orderBy"). */
export function parseOrder<Field extends string>(
  orderBy: Field | `-${Field}`,
): { readonly orderBy: Field; readonly isDescending: boolean } {
  const isDescending = orderBy.startsWith("-");
  // The contract's schema has let only these two forms through.
  return { orderBy: (isDescending ? orderBy.slice(1) : orderBy) as Field, isDescending };
}

/** Those parameters that differ from what is meant without them, for links to other pages of the same list. */
export function givenParameters(
  given: Readonly<Record<string, string>>,
  defaults: Readonly<Record<string, string>>,
): Readonly<Record<string, string>> {
  return Object.fromEntries(
    Object.entries(given).filter(([name, value]) => value !== (defaults[name] ?? "")),
  );
}
