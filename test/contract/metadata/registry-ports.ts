import assert from "node:assert/strict";
import type { Registry } from "../../../provider/server/src/domain/registry.ts";
import {
  addRegistry,
  makeRegistry,
  ORGANIZATION,
  refusal,
  WRAPPED_KEY,
} from "../../support/metadata-samples.ts";
import { type MakeMetadataStore, useMetadataStore } from "./store-under-test.ts";

const PORTS = { from: 20_000, to: 20_003 };

export function describeRegistryPorts(make: MakeMetadataStore): void {
  describe("ports of registries", () => {
    const test = useMetadataStore(make);

    async function create(name: string, store = test.store): Promise<Registry> {
      const registry = makeRegistry({ name });
      await store.registries.create({ ...registry, ports: PORTS }, WRAPPED_KEY);
      const stored = await store.registries.find(ORGANIZATION.id, registry.id);
      assert.ok(stored !== undefined);
      return stored;
    }

    const ports = async () =>
      (await test.store.registryPorts.list(PORTS)).map(({ port }) => port - PORTS.from);

    it("are the lowest that are free, and free again once the registry is gone", async () => {
      const [first, second] = [await create("first"), await create("second")];
      assert.deepEqual([first.port, second.port], [20_000, 20_001]);
      await test.store.registries.remove(ORGANIZATION.id, first.id);
      assert.deepEqual(await ports(), [1]);
      assert.equal((await create("third")).port, 20_000);
    });

    it("are never given twice, though two processes create registries at once", async () => {
      const made = await Promise.all(
        ["a", "b", "c", "d"].map((name, index) =>
          create(`registry-${name}`, index % 2 === 0 ? test.store : test.second),
        ),
      );
      assert.deepEqual(made.map(({ port }) => port).sort(), [20_000, 20_001, 20_002, 20_003]);
    });

    it("run out, and then no registry is created", async () => {
      for (const name of ["one", "two", "three", "four"]) {
        await create(name);
      }
      await assert.rejects(create("five"), refusal("registry-ports-exhausted"));
      assert.equal(await test.store.registries.findByName("five"), undefined);
    });

    it("are given later to registries that have none, or one outside the range, as far as they go", async () => {
      await addRegistry(test.store, { name: "older" });
      const inside = await create("inside");
      assert.equal(await test.store.registryPorts.settle(PORTS), 0);
      assert.deepEqual(await ports(), [0, 1, 2]);
      assert.equal((await test.store.registries.findByName("inside"))?.port, inside.port);
      const moved = { from: 20_002, to: 20_003 };
      assert.equal(await test.store.registryPorts.settle(moved), 1);
      assert.equal((await test.store.registryPorts.list(moved)).length, 2);
    });
  });
}
