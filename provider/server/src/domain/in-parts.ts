/** The items in their order, some at a time: what one query, or one transaction, can take. */
export function* inParts<Item>(
  items: readonly Item[],
  itemsMax: number,
): Generator<readonly Item[]> {
  for (let start = 0; start < items.length; start += itemsMax) {
    yield items.slice(start, start + itemsMax);
  }
}
