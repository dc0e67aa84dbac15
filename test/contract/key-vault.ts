import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import type { KeyVault } from "../../provider/server/src/ports/key-vault.ts";

/** Holds an adapter to the contract of `KeyVault`; each call of `make` gives a vault with another master key. */
export function describeKeyVault(name: string, make: () => Promise<KeyVault>): void {
  describe(`${name} as a key vault`, () => {
    const key = randomBytes(32);

    it("unwraps what it wrapped, under the same context", async () => {
      const vault = await make();
      const wrapped = await vault.wrap("registry:1", key);
      assert.deepEqual(Buffer.from(await vault.unwrap("registry:1", wrapped)), key);
      assert.equal(Buffer.from(wrapped).indexOf(key), -1);
    });

    it("wraps the same key differently each time", async () => {
      const vault = await make();
      const wrapped = [await vault.wrap("a", key), await vault.wrap("a", key)];
      assert.notDeepEqual(wrapped[0], wrapped[1]);
    });

    it("refuses another context, saying which one was asked for", async () => {
      const vault = await make();
      const wrapped = await vault.wrap("registry:1", key);
      await assert.rejects(vault.unwrap("registry:2", wrapped), /registry:2/);
    });

    it("refuses what was wrapped under another master key, and says that this is why", async () => {
      const wrapped = await (await make()).wrap("registry:1", key);
      const other = await make();
      await assert.rejects(other.unwrap("registry:1", wrapped), /master key .* is not the one/);
    });

    it("refuses a wrapped key in which any byte was altered, or that was cut off", async () => {
      const vault = await make();
      const wrapped = Buffer.from(await vault.wrap("registry:1", key));
      for (let at = 0; at < wrapped.byteLength; at++) {
        const altered = Buffer.from(wrapped);
        altered.writeUInt8(altered.readUInt8(at) ^ 0x10, at);
        await assert.rejects(vault.unwrap("registry:1", altered), Error);
        await assert.rejects(vault.unwrap("registry:1", wrapped.subarray(0, at)), Error);
      }
    });
  });
}
