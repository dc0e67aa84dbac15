import type { RegistryId, StorageKey } from "../../provider/server/src/domain/ids.ts";
import type { ObjectStore } from "../../provider/server/src/ports/object-store.ts";

/** All bytes of one object. */
export async function readObject(
  store: ObjectStore,
  registryId: RegistryId,
  key: StorageKey,
): Promise<Buffer> {
  const { signal } = new AbortController();
  const reader = await store.open(registryId, key, { signal });
  try {
    const parts: Uint8Array[] = [];
    for (let position = 0; ; ) {
      const part = new Uint8Array(1024 * 1024);
      const bytes = await reader.read(part, position);
      parts.push(part.subarray(0, bytes));
      position += bytes;
      if (bytes < part.byteLength) {
        return Buffer.concat(parts);
      }
    }
  } finally {
    await reader.close();
  }
}

/** Puts these bytes in an object's place. */
export async function replaceObject(
  store: ObjectStore,
  registryId: RegistryId,
  key: StorageKey,
  bytes: Uint8Array,
): Promise<void> {
  const appender = await store.append(registryId, key, 0);
  try {
    await appender.write([new Uint8Array(bytes)]);
    await appender.sync();
  } finally {
    await appender.close();
  }
}
