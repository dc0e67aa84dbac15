import { createSecretKey, hkdfSync, type KeyObject } from "node:crypto";
import type { RegistryId } from "../../provider/server/src/domain/ids.ts";
import type { KeyRing } from "../../provider/server/src/ports/key-ring.ts";

/** Derives keys from the registry's id alone: for tests of what uses keys, not of how they are kept. */
export const plainKeyRing: Pick<KeyRing, "derive"> = {
  async derive(registryId: RegistryId, salt: Uint8Array, context: string): Promise<KeyObject> {
    return createSecretKey(Buffer.from(hkdfSync("sha256", registryId, salt, context, 32)));
  },
};
