import type { Metadata } from "@moorage/core/contract/metadata";
import { formatTimestamp } from "@moorage/core/contract/timestamp";
import type { Instant } from "../../domain/ids.ts";
import type { Signature } from "../../domain/registry.ts";

/** Who made and last changed something, as `metadata` shows it. */
export function signatureView(
  created: Signature,
  modified: Signature | undefined,
): Omit<Metadata, "state" | "etag"> {
  const view = {
    createdBy: created.byName,
    createdByUserId: created.byId,
    createdDate: timeView(created.at),
  };
  if (modified === undefined) {
    return view;
  }
  return {
    ...view,
    lastModifiedBy: modified.byName,
    lastModifiedByUserId: modified.byId,
    lastModifiedDate: timeView(modified.at),
  };
}

export function timeView(at: Instant): string {
  return formatTimestamp(new Date(at));
}
