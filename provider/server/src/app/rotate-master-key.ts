import type { AuditEvent } from "../domain/audit.ts";
import { OperationError } from "../domain/operation-error.ts";
import type { InstanceStore, KeyChange, StoredKey } from "../ports/instance-store.ts";
import type { KeyVault } from "../ports/key-vault.ts";

/** How many keys there are, and how many of them the new master key had wrapped already. */
export interface RotatedKeys {
  readonly keys: number;
  readonly rotatedBefore: number;
}

/**
 * Wraps every stored key (the registries' data keys, the installation's secrets) under another master key. Content is not touched: it is
 * sealed under the data keys, which stay. One transaction: whatever interrupts this, all keys are under the one master key or all
 * under the other. Nobody may wrap keys meanwhile.
 */
export async function rotateMasterKey(
  store: Pick<InstanceStore, "wrappedKeys" | "replaceWrappedKeys">,
  from: KeyVault,
  to: KeyVault,
  event?: AuditEvent,
): Promise<RotatedKeys> {
  const stored = await store.wrappedKeys();
  const changes: KeyChange[] = [];
  for (const key of stored) {
    if (!(await opens(to, key))) {
      changes.push({ ...key, next: await wrapAnew(key, from, to) });
    }
  }
  // A run that only finishes another one's work has changed no key.
  await store.replaceWrappedKeys(changes, changes.length > 0 ? event : undefined);
  return { keys: stored.length, rotatedBefore: stored.length - changes.length };
}

async function wrapAnew(
  { context, wrapped }: StoredKey,
  from: KeyVault,
  to: KeyVault,
): Promise<Uint8Array> {
  const plain = await unwrapped(from, { context, wrapped });
  try {
    return await to.wrap(context, plain);
  } finally {
    plain.fill(0);
  }
}

async function unwrapped(vault: KeyVault, { context, wrapped }: StoredKey): Promise<Uint8Array> {
  try {
    return await vault.unwrap(context, wrapped);
  } catch (cause) {
    const problem = cause instanceof Error ? cause.message : String(cause);
    throw new OperationError(`nothing was rotated: ${problem}`, { cause });
  }
}

async function opens(vault: KeyVault, { context, wrapped }: StoredKey): Promise<boolean> {
  try {
    (await vault.unwrap(context, wrapped)).fill(0);
    return true;
  } catch {
    return false;
  }
}
