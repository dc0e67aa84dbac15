import { randomBytes } from "node:crypto";
import { OperationError } from "../../domain/operation-error.ts";

const MASTER_KEY_BYTES = 32;
const EXPECTED = `expected ${MASTER_KEY_BYTES} random bytes in base64 (44 characters), as "openssl rand -base64 32" prints them`;

/**
 * Reads a master key in base64.
 * @param origin what to call it in an error: a setting or a file, never the key itself
 * @throws OperationError saying what is wrong and what would be right
 */
export function parseMasterKey(text: string, origin: string): Uint8Array {
  const trimmed = text.trim();
  if (trimmed === "") {
    throw new OperationError(`the master key in ${origin} is empty; ${EXPECTED}`);
  }
  if (!/^[A-Za-z0-9+/]+={0,2}$/.test(trimmed)) {
    throw new OperationError(`the master key in ${origin} is not base64; ${EXPECTED}`);
  }
  const key = Buffer.from(trimmed, "base64");
  if (key.byteLength !== MASTER_KEY_BYTES) {
    throw new OperationError(
      `the master key in ${origin} has ${key.byteLength} bytes; ${EXPECTED}`,
    );
  }
  return key;
}

/** A new master key, in the form that `parseMasterKey` reads. */
export function makeMasterKey(): string {
  return randomBytes(MASTER_KEY_BYTES).toString("base64");
}
