import { createSecretKey, hkdfSync, type KeyObject, randomBytes } from "node:crypto";
import { BoundedMap } from "../../domain/bounded-map.ts";
import { RegistryError } from "../../domain/errors.ts";
import type { Instant, RegistryId } from "../../domain/ids.ts";
import {
  DATA_KEY_UNCHECKED_MILLISECONDS_MAX,
  DATA_KEYS_IN_MEMORY_MAX,
} from "../../domain/limits.ts";
import type { Clock } from "../../ports/clock.ts";
import type { KeyRing, WrappedKey } from "../../ports/key-ring.ts";
import type { KeyVault } from "../../ports/key-vault.ts";
import type { RegistryStore } from "../../ports/registry-store.ts";

const KEY_BYTES = 32;

interface DataKey {
  readonly wrapped: WrappedKey;
  readonly key: KeyObject;
  /** Keys derived with an empty salt, by context. */
  readonly unsalted: Map<string, KeyObject>;
}

interface Entry {
  readonly dataKey: Promise<DataKey>;
  readonly checkedAt: Instant;
}

/**
 * Finds wrapped data keys in the metadata store and has the key vault unwrap them. A key in memory is compared with the stored one
 * about once a second: another process may have removed the registry, and a new one may have its id.
 */
export class VaultKeyRing implements KeyRing {
  readonly #vault: KeyVault;
  readonly #registries: Pick<RegistryStore, "wrappedKey">;
  readonly #clock: Clock;
  readonly #entries = new BoundedMap<RegistryId, Entry>(DATA_KEYS_IN_MEMORY_MAX);

  constructor(vault: KeyVault, registries: Pick<RegistryStore, "wrappedKey">, clock: Clock) {
    this.#vault = vault;
    this.#registries = registries;
    this.#clock = clock;
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

  #dataKey(registryId: RegistryId): Promise<DataKey> {
    const now = this.#clock.now();
    const known = this.#entries.get(registryId);
    if (known !== undefined && now - known.checkedAt < DATA_KEY_UNCHECKED_MILLISECONDS_MAX) {
      return known.dataKey;
    }
    const entry = { dataKey: this.#load(registryId, known?.dataKey), checkedAt: now };
    this.#entries.set(registryId, entry);
    entry.dataKey.catch(() => {
      // A registry that is not there may be there next time. Another load may have taken this one's place since.
      if (this.#entries.get(registryId) === entry) {
        this.#entries.delete(registryId);
      }
    });
    return entry.dataKey;
  }

  async #load(registryId: RegistryId, before: Promise<DataKey> | undefined): Promise<DataKey> {
    const wrapped = await this.#registries.wrappedKey(registryId);
    if (wrapped === undefined) {
      throw new RegistryError("registry-unknown", { registry: registryId });
    }
    const known = await before?.catch(() => undefined);
    if (known !== undefined && Buffer.from(known.wrapped).equals(wrapped)) {
      return known;
    }
    const bytes = await this.#vault.unwrap(contextOf(registryId), wrapped);
    try {
      return { wrapped, key: createSecretKey(bytes), unsalted: new Map() };
    } finally {
      bytes.fill(0);
    }
  }
}

function contextOf(registryId: RegistryId): string {
  return `registry:${registryId}`;
}
