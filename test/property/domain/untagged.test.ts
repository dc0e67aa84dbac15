import assert from "node:assert/strict";
import fc from "fast-check";
import {
  levelsToRemove,
  type UntaggedManifest,
} from "../../../provider/server/src/domain/untagged.ts";

/** Manifests that only earlier ones, or ones that stay (negative keys), may hold: what content addressing allows. */
const untagged: fc.Arbitrary<UntaggedManifest[]> = fc
  .array(fc.array(fc.integer({ min: -2, max: 30 }), { maxLength: 3 }), { maxLength: 30 })
  .map((all) => all.map((holders, key) => ({ key, holders: holders.filter((one) => one < key) })));

/** The same by its definition: whatever is left after nothing more can go is kept. */
function kept(manifests: readonly UntaggedManifest[]): Set<number> {
  const left = new Set(manifests.map(({ key }) => key));
  const stays = (key: number) => key < 0 || left.has(key);
  let isChanged = true;
  while (isChanged) {
    isChanged = false;
    for (const { key, holders } of manifests) {
      if (left.has(key) && !holders.some(stays)) {
        left.delete(key);
        isChanged = true;
      }
    }
  }
  return left;
}

describe("untagged manifests to remove", () => {
  it("are those that nothing that stays keeps", () => {
    fc.assert(
      fc.property(untagged, (manifests) => {
        const removed = new Set(levelsToRemove(manifests).flat());
        const left = kept(manifests);
        assert.deepEqual(
          manifests.map(({ key }) => removed.has(key)),
          manifests.map(({ key }) => !left.has(key)),
        );
      }),
    );
  });

  it("stand behind all that keep them", () => {
    fc.assert(
      fc.property(untagged, (manifests) => {
        const levelOf = new Map(
          levelsToRemove(manifests).flatMap((level, index) => level.map((key) => [key, index])),
        );
        for (const { key, holders } of manifests) {
          const level = levelOf.get(key);
          assert.ok(
            level === undefined || holders.every((one) => (levelOf.get(one) ?? Infinity) < level),
          );
        }
      }),
    );
  });
});
