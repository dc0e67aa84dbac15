import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { VaultKeyRing } from "../../../provider/server/src/adapters/key-ring/vault-key-ring.ts";
import { FileKeyVault } from "../../../provider/server/src/adapters/key-vault-file/file-key-vault.ts";
import { isRefusal } from "../../../provider/server/src/domain/errors.ts";
import type { RegistryId } from "../../../provider/server/src/domain/ids.ts";
import type { WrappedKey } from "../../../provider/server/src/ports/key-ring.ts";
import type { KeyVault } from "../../../provider/server/src/ports/key-vault.ts";
import { newRegistryId } from "../../support/storage-names.ts";

describe("VaultKeyRing", () => {
  const vault = new FileKeyVault(randomBytes(32));
  const counting: KeyVault = {
    wrap: (context, key) => vault.wrap(context, key),
    unwrap: (context, wrapped) => {
      unwrapped++;
      return vault.unwrap(context, wrapped);
    },
  };
  const salt = randomBytes(32);
  let stored: Map<RegistryId, WrappedKey>;
  let unwrapped: number;
  let ring: VaultKeyRing;
  let registryId: RegistryId;

  beforeEach(async () => {
    stored = new Map();
    unwrapped = 0;
    ring = newRing();
    registryId = newRegistryId();
    stored.set(registryId, await ring.create(registryId));
  });

  function newRing(): VaultKeyRing {
    const wrappedKey = async (id: RegistryId) => stored.get(id);
    return new VaultKeyRing(counting, { wrappedKey });
  }

  const derived = async (from: VaultKeyRing, id = registryId, context = "a", by = salt) =>
    (await from.derive(id, by, context)).export().toString("hex");

  it("derives the same key in every process, from registry, salt and context", async () => {
    const key = await derived(ring);
    assert.equal(Buffer.from(key, "hex").byteLength, 32);
    assert.equal(await derived(newRing()), key);
    assert.notEqual(await derived(ring, registryId, "b"), key);
    assert.notEqual(await derived(ring, registryId, "a", randomBytes(32)), key);
    const other = newRegistryId();
    stored.set(other, await ring.create(other));
    assert.notEqual(await derived(ring, other), key);
  });

  it("unwraps a key once for all who ask", async () => {
    await Promise.all(Array.from({ length: 10 }, () => derived(ring)));
    await derived(ring);
    assert.equal(unwrapped, 1);
  });

  it("keeps a key without salt, as long as the registry's key", async () => {
    const none = new Uint8Array(0);
    const first = await ring.derive(registryId, none, "rows");
    assert.equal(await ring.derive(registryId, none, "rows"), first);
    assert.notEqual(await ring.derive(registryId, none, "other"), first);
    ring.forget(registryId);
    assert.notEqual(await ring.derive(registryId, none, "rows"), first);
  });

  it("does not know a registry that is not stored, until it is", async () => {
    const other = newRegistryId();
    await assert.rejects(derived(ring, other), (error) => isRefusal(error, "registry-unknown"));
    stored.set(other, await ring.create(other));
    assert.equal((await derived(ring, other)).length, 64);
  });

  it("finds out at once that a registry is gone", async () => {
    await derived(ring);
    stored.delete(registryId);
    await assert.rejects(derived(ring), (error) => isRefusal(error, "registry-unknown"));
  });

  it("takes the new key of a registry that was removed and made again under its id", async () => {
    const before = await derived(ring);
    stored.set(registryId, await ring.create(registryId));
    const after = await derived(ring);
    assert.notEqual(after, before);
    assert.equal(after, await derived(newRing()));
  });

  it("refuses a key that was stored for another registry", async () => {
    const other = newRegistryId();
    const wrapped = stored.get(registryId);
    assert(wrapped !== undefined);
    stored.set(other, wrapped);
    await assert.rejects(derived(ring, other), /altered, or belongs to something else/);
  });
});
