import type { ExpectedRevisions } from "../../app/registry-draft.ts";

/** A revision as the value of an `ETag` header (RFC 9110, section 8.8.3). */
export function etagOf(revision: number): string {
  return `"${revision}"`;
}

/**
 * Reads an `If-Match` header (RFC 9110, section 13.1.1): a tag that is weak, or none of ours, matches nothing. A tag without its quotes is taken
 * too: that is how `metadata.etag` shows it.
 */
export function parseIfMatch(header: string | undefined): ExpectedRevisions | undefined {
  if (header === undefined) {
    return undefined;
  }
  const tags = header.split(",").map((tag) => tag.trim());
  if (tags.includes("*")) {
    return "any";
  }
  return tags.flatMap((tag) => {
    const match = /^(?:"(\d{1,15})"|(\d{1,15}))$/.exec(tag);
    return match === null ? [] : [Number(match[1] ?? match[2])];
  });
}

/** Whether an `If-None-Match` header (RFC 9110, section 13.1.2) names this tag, so that the client has the answer already. */
export function isUnchanged(header: string | undefined, etag: string): boolean {
  const tags = (header ?? "").split(",").map((tag) => tag.trim().replace(/^W\//, ""));
  return tags.includes(etag) || tags.includes("*");
}
