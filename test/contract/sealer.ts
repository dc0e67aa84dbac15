import assert from "node:assert/strict";
import type { RegistryId } from "../../provider/server/src/domain/ids.ts";
import type { SealedBytes, Sealer } from "../../provider/server/src/ports/sealer.ts";
import { newRegistryId } from "../support/storage-names.ts";

/** More than are made ready at once. */
const TIMES = 2000;

/** Holds an adapter to the contract of `Sealer`. */
export function describeSealer(name: string, make: () => Promise<Sealer>): void {
  describe(`${name} as a sealer`, () => {
    const registryId = newRegistryId();
    const plain = Buffer.from('{"schemaVersion":2}');
    let sealer: Sealer;

    before(async () => {
      sealer = await make();
    });

    it("opens what it sealed, empty content too", async () => {
      for (const bytes of [plain, new Uint8Array(0), new Uint8Array(100_000)]) {
        const sealed = await sealer.seal(registryId, "manifest:a", bytes);
        const opened = await sealer.open(registryId, "manifest:a", sealed);
        assert.deepEqual(Buffer.from(opened), Buffer.from(bytes));
      }
    });

    it("leaves nothing readable, and seals the same bytes differently each time", async () => {
      const sealed = new Set<string>();
      for (let time = 0; time < TIMES; time++) {
        const bytes = Buffer.from(await sealer.seal(registryId, "manifest:a", plain));
        assert.equal(bytes.includes("schema"), false);
        sealed.add(bytes.toString("hex"));
      }
      assert.equal(sealed.size, TIMES);
    });

    it("refuses bytes of another context or registry, saying what they were to be", async () => {
      const sealed = await sealer.seal(registryId, "manifest:a", plain);
      const open = async (id: RegistryId, context: string) => sealer.open(id, context, sealed);
      await assert.rejects(open(registryId, "manifest:b"), /manifest:b/);
      await assert.rejects(open(newRegistryId(), "manifest:a"), /manifest:a/);
    });

    it("refuses bytes in which anything was altered, or that were cut off", async () => {
      const sealed = await sealer.seal(registryId, "manifest:a", plain);
      for (let at = 0; at < sealed.byteLength; at++) {
        const altered = Buffer.from(sealed);
        altered.writeUInt8(altered.readUInt8(at) ^ 1, at);
        for (const damaged of [altered, sealed.subarray(0, at)]) {
          await assert.rejects(
            async () => sealer.open(registryId, "manifest:a", damaged as Uint8Array as SealedBytes),
            /manifest:a is damaged/,
          );
        }
      }
    });
  });
}
