import assert from "node:assert/strict";
import type { Signature } from "../../domain/registry.ts";
import type { SignedTable } from "./tables.ts";

export function toSignature(row: SignedTable): {
  created: Signature;
  modified: Signature | undefined;
} {
  return {
    created: { at: row.created_at, byId: row.created_by_id, byName: row.created_by_name },
    modified: toModified(row),
  };
}

function toModified(row: SignedTable): Signature | undefined {
  const { modified_at: at, modified_by_id: byId, modified_by_name: byName } = row;
  if (at === null) {
    return undefined;
  }
  assert(byId !== null && byName !== null, "the database holds a change without its author");
  return { at, byId, byName };
}

export function fromSignature(created: Signature, modified: Signature | undefined): SignedTable {
  return {
    created_at: created.at,
    created_by_id: created.byId,
    created_by_name: created.byName,
    modified_at: modified?.at ?? null,
    modified_by_id: modified?.byId ?? null,
    modified_by_name: modified?.byName ?? null,
  };
}
