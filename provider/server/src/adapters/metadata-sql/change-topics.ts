import { CHANGE_TOPICS, type ChangeTopic } from "../../ports/change-signal.ts";
import type { Tables } from "./tables.ts";

/** One thing that a statement does to a table; `column` says which one an update sets. */
export interface TableWrite {
  readonly kind: "insert" | "update" | "delete";
  readonly table: string;
  readonly column: string | undefined;
}

interface Concern {
  readonly topics: readonly ChangeTopic[];
  /** Rows that are found by themselves: a new one changes nothing that was found before. */
  readonly isFoundAlone: boolean;
  /** Columns that no kept look-up relies on. */
  readonly freeColumns?: readonly string[];
}

const NOTHING: Concern = { topics: [], isFoundAlone: true };

/**
 * Which look-ups rely on which table. A table that is not listed, such as one that a later version adds, concerns all of them: that
 * costs speed, never truth. Rows that go because others do (foreign keys) count like any deletion.
 */
const CONCERNS: { readonly [Name in keyof Tables]?: Concern } = {
  users: { topics: ["users"], isFoundAlone: true },
  registries: { topics: ["registries"], isFoundAlone: true },
  tokens: { topics: ["tokens"], isFoundAlone: true, freeColumns: ["last_used_at"] },
  token_secrets: { topics: ["tokens"], isFoundAlone: false },
  scopes: { topics: ["tokens"], isFoundAlone: false },
  repositories: {
    topics: ["manifests", "blobs"],
    isFoundAlone: true,
    freeColumns: ["manifest_count", "last_push_at", "last_pull_at", "pull_count", "push_count"],
  },
  manifests: { topics: ["manifests"], isFoundAlone: true },
  tags: { topics: ["manifests"], isFoundAlone: true },
  blobs: { topics: ["blobs"], isFoundAlone: true },
  repository_blobs: { topics: ["blobs"], isFoundAlone: true },
  damaged_blobs: { topics: ["manifests", "blobs"], isFoundAlone: false },
  // No kept look-up reads these: blobs become invisible by their `repository_blobs`.
  manifest_usage: NOTHING,
  manifest_references: NOTHING,
  registry_usage: NOTHING,
  uploads: NOTHING,
  ended_uploads: NOTHING,
  marked_blobs: NOTHING,
  collection_runs: NOTHING,
  leases: NOTHING,
  audit_events: NOTHING,
  audit_retention: NOTHING,
};

/** The look-ups that may find something else after this. */
export function topicsOf({ kind, table, column }: TableWrite): readonly ChangeTopic[] {
  const concern = Object.hasOwn(CONCERNS, table) ? CONCERNS[table as keyof Tables] : undefined;
  if (concern === undefined) {
    return CHANGE_TOPICS;
  }
  const isFree =
    (kind === "insert" && concern.isFoundAlone) ||
    (kind === "update" && column !== undefined && concern.freeColumns?.includes(column));
  return isFree ? [] : concern.topics;
}
