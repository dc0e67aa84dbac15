/** A manifest that no tag names, with the manifests that keep it: indexes that list it, and its subject. */
export interface UntaggedManifest {
  readonly key: number;
  /** Keys of manifests; they need not be untagged. */
  readonly holders: readonly number[];
}

/**
 * Those of the manifests that nothing keeps once the others are gone, in levels: a manifest stands behind all that keep it. What is kept
 * by a manifest that is not among them stays.
 */
export function levelsToRemove(manifests: readonly UntaggedManifest[]): readonly number[][] {
  const held = new Map<number, number[]>();
  const holdersLeft = new Map<number, number>();
  for (const { key, holders } of manifests) {
    const distinct = new Set(holders);
    holdersLeft.set(key, distinct.size);
    for (const holder of distinct) {
      held.set(holder, [...(held.get(holder) ?? []), key]);
    }
  }
  const levels: number[][] = [];
  let level = manifests.filter(({ holders }) => holders.length === 0).map(({ key }) => key);
  while (level.length > 0) {
    levels.push(level);
    const next: number[] = [];
    for (const key of level.flatMap((removed) => held.get(removed) ?? [])) {
      const left = (holdersLeft.get(key) ?? 0) - 1;
      holdersLeft.set(key, left);
      if (left === 0) {
        next.push(key);
      }
    }
    level = next;
  }
  return levels;
}
