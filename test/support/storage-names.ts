import { randomBytes, randomUUID } from "node:crypto";
import {
  parseStorageKey,
  parseUuid,
  type RegistryId,
  type StorageKey,
} from "../../provider/server/src/domain/ids.ts";

/** A registry's id that no other test uses. */
export function newRegistryId(): RegistryId {
  return expectParsed(parseUuid<RegistryId>(randomUUID()));
}

/** A storage key that no other test uses. */
export function newStorageKey(): StorageKey {
  return expectParsed(parseStorageKey(randomBytes(16).toString("base64url")));
}

function expectParsed<Parsed>(value: Parsed | undefined): Parsed {
  if (value === undefined) {
    throw new Error("a generated name must be well-formed");
  }
  return value;
}
