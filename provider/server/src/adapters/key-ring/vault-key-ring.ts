import { createSecretKey, hkdfSync, type KeyObject, randomBytes } from "node:crypto";
import { BoundedMap } from "../../domain/bounded-map.ts";
import { RegistryError } from "../../domain/errors.ts";
import type { RegistryId } from "../../domain/ids.ts";
import { DATA_KEYS_IN_MEMORY_MAX } from "../../domain/limits.ts";
import type { KeyRing, WrappedKey } from "../../ports/key-ring.ts";
import type { KeyVault } from "../../ports/key-vault.ts";
import type { RegistryStore } from "../../ports/registry-store.ts";

const KEY_BYTES = 32;

interface DataKey {
  readonly key: KeyObject;
  /** Keys derived with an empty salt, by context. */
  readonly unsalted: Map<string, KeyObject>;
}

interface Entry {
  readonly wrapped: WrappedKey;
  readonly dataKey: Promise<DataKey>;
}

/**
 * Finds wrapped data keys in the metadata store and has the key vault unwrap them. A key in memory is compared with the stored one each
 * time that it is used: another worker may have removed the registry, and a new one may have its id. What was sealed with the old key
 * then could never be opened.
 */
export class VaultKeyRing implements KeyRing {
  readonly #vault: KeyVault;
  readonly #registries: Pick<RegistryStore, "wrappedKey">;
  readonly #entries = new BoundedMap<RegistryId, Entry>(DATA_KEYS_IN_MEMORY_MAX);

  constructor(vault: KeyVault, registries: Pick<RegistryStore, "wrappedKey">) {
    this.#vault = vault;
    this.#registries = registries;
  }

  async create(registryId: RegistryId): Promise<WrappedKey> {
    const key = randomBytes(KEY_BYTES);
    try {
      return await this.#vault.wrap(contextOf(registryId), key);
    } finally {
      key.fill(0);
    }
  }

  async derive(registryId: RegistryId, salt: Uint8Array, context: string): Promise<KeyObject> {
    const { key, unsalted } = await this.#dataKey(registryId);
    const known = salt.byteLength === 0 ? unsalted.get(context) : undefined;
    if (known !== undefined) {
      return known;
    }
    const bytes = Buffer.from(hkdfSync("sha256", key, salt, context, KEY_BYTES));
    const derived = createSecretKey(bytes);
    bytes.fill(0);
    if (salt.byteLength === 0) {
      unsalted.set(context, derived);
    }
    return derived;
  }

  forget(registryId: RegistryId): void {
    this.#entries.delete(registryId);
  }

  async #dataKey(registryId: RegistryId): Promise<DataKey> {
    const wrapped = await this.#registries.wrappedKey(registryId);
    if (wrapped === undefined) {
      this.forget(registryId);
      throw new RegistryError("registry-unknown", { registry: registryId });
    }
    const known = this.#entries.get(registryId);
    if (known !== undefined && isSame(known.wrapped, wrapped)) {
      return known.dataKey;
    }
    const entry = { wrapped, dataKey: this.#unwrap(registryId, wrapped) };
    this.#entries.set(registryId, entry);
    entry.dataKey.catch(() => {
      // A vault that cannot be reached may be there next time. Another key may have taken this one's place since.
      if (this.#entries.get(registryId) === entry) {
        this.forget(registryId);
      }
    });
    return entry.dataKey;
  }

  async #unwrap(registryId: RegistryId, wrapped: WrappedKey): Promise<DataKey> {
    const bytes = await this.#vault.unwrap(contextOf(registryId), wrapped);
    try {
      return { key: createSecretKey(bytes), unsalted: new Map() };
    } finally {
      bytes.fill(0);
    }
  }
}

function isSame(one: WrappedKey, other: WrappedKey): boolean {
  return one === other || Buffer.from(one.buffer, one.byteOffset, one.byteLength).equals(other);
}

function contextOf(registryId: RegistryId): string {
  return `registry:${registryId}`;
}
