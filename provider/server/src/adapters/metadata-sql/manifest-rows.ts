import { MANIFEST_MEDIA_TYPES } from "../../domain/manifest.ts";
import type { FoundManifest, Referrer } from "../../ports/manifest-store.ts";
import { stored, TEXTS_BY_NAME } from "./stored-values.ts";
import type { ManifestsTable } from "./tables.ts";

export function toFoundManifest(
  row: Pick<ManifestsTable, "digest" | "media_type" | "size" | "sealed"> & {
    readonly is_incomplete: number;
  },
): FoundManifest {
  return {
    digest: stored.digest(row.digest),
    mediaType: stored.oneOf(MANIFEST_MEDIA_TYPES, row.media_type),
    size: row.size,
    sealed: stored.sealed(row.sealed),
    isIncomplete: row.is_incomplete === 1,
  };
}

export function toReferrer(
  row: Pick<ManifestsTable, "digest" | "media_type" | "size" | "artifact_type" | "annotations">,
): Referrer {
  return {
    digest: stored.digest(row.digest),
    mediaType: stored.oneOf(MANIFEST_MEDIA_TYPES, row.media_type),
    size: row.size,
    artifactType: row.artifact_type ?? undefined,
    annotations: row.annotations === null ? undefined : stored.json(TEXTS_BY_NAME, row.annotations),
  };
}
