import { DamageError } from "../../domain/damage-error.ts";
import { RegistryError } from "../../domain/errors.ts";
import type { RegistryId, StorageKey } from "../../domain/ids.ts";

/** Turns a failed system call on an object's file into what the ports promise, and keeps it as the cause. */
export function translateFailure(error: unknown, registryId: RegistryId, key: StorageKey): unknown {
  const name = `object ${key} of registry ${registryId}`;
  if (isMissing(error)) {
    return new DamageError(`${name} is not in the blob directory`, { cause: error });
  }
  if (isFull(error)) {
    return translateFull(error);
  }
  if (isUnreadable(error)) {
    return translateUnreadable(error);
  }
  const problem = error instanceof Error ? error.message : String(error);
  return new Error(`${name} cannot be opened: ${problem}`, { cause: error });
}

/** A full disk or an exhausted quota becomes a refusal; anything else stays what it is. */
export function translateFull(error: unknown): unknown {
  return isFull(error) ? new RegistryError("storage-full", {}, { cause: error }) : error;
}

/** What the disk cannot give back any more is damaged; anything else stays what it is. */
export function translateUnreadable(error: unknown): unknown {
  return isUnreadable(error) ? new DamageError("the disk cannot read it", { cause: error }) : error;
}

export function isMissing(error: unknown): boolean {
  return hasCode(error, "ENOENT");
}

function isUnreadable(error: unknown): boolean {
  return hasCode(error, "EIO");
}

function isFull(error: unknown): boolean {
  return hasCode(error, "ENOSPC") || hasCode(error, "EDQUOT");
}

export function hasCode(error: unknown, code: string): boolean {
  return error instanceof Error && "code" in error && error.code === code;
}
