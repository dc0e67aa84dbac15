import assert from "node:assert/strict";
import {
  APP,
  addRegistry,
  digestFor,
  imageOf,
  NOW,
  OTHER,
  pushTo,
} from "../../support/metadata-samples.ts";
import { type MakeMetadataStore, useMetadataStore } from "./store-under-test.ts";

export function describeUsage(make: MakeMetadataStore): void {
  describe("pulls", () => {
    const test = useMetadataStore(make);
    const digest = digestFor("image");
    const pulls = (count: number, lastAt: number) => ({
      registryId: test.registry.id,
      repository: APP,
      digest,
      count,
      lastAt,
    });

    async function counted(): Promise<unknown[]> {
      const { store, registry } = test;
      const artifact = await store.content.artifact(registry.id, APP, digest);
      const repository = await store.content.repository(registry.id, APP);
      return [
        [artifact?.pullCount, artifact?.lastPulledAt],
        [repository?.pullCount, repository?.lastPulledAt],
      ];
    }

    it("add up over all processes, and the latest time stays", async () => {
      const { store, second, registry } = test;
      await pushTo(store, registry, APP, imageOf("image", []));
      assert.deepEqual(await counted(), [
        [0, undefined],
        [0, undefined],
      ]);
      await Promise.all([
        store.usage.addPulls([pulls(2, NOW + 2)]),
        second.usage.addPulls([pulls(3, NOW + 1)]),
      ]);
      assert.deepEqual(await counted(), [
        [5, NOW + 2],
        [5, NOW + 2],
      ]);
    });

    it("of what is gone are passed over, and those beside them count", async () => {
      const { store, registry } = test;
      await pushTo(store, registry, APP, imageOf("image", []));
      await store.usage.addPulls([
        { ...pulls(1, NOW), registryId: (await addRegistry(store)).id },
        { ...pulls(1, NOW), repository: OTHER },
        { ...pulls(1, NOW), digest: digestFor("gone") },
        pulls(1, NOW),
      ]);
      assert.deepEqual(await counted(), [
        [1, NOW],
        [1, NOW],
      ]);
      await store.usage.addPulls([]);
    });
  });
}
