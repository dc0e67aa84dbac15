import assert from "node:assert/strict";
import { assertStatus, type DistributionClient } from "./distribution-client.ts";
import { type Answer, jsonOf } from "./http-request.ts";

/** Where an answer's `Link` leads, as it is spelled; `undefined` on the last page. */
export function nextOf(answer: Answer): string | undefined {
  const link = answer.headers["link"];
  if (link === undefined) {
    return undefined;
  }
  const match = /^<([^>]+)>; rel="next"$/.exec(String(link));
  assert.ok(match?.[1] !== undefined, `${link} is not a Link to the next page (RFC 8288)`);
  return match[1];
}

/** Follows a list by its links to the end, and returns each page's entries. */
export async function followPages<Entry>(
  client: DistributionClient,
  path: string,
  field: string,
): Promise<Entry[][]> {
  const pages: Entry[][] = [];
  for (let next: string | undefined = path; next !== undefined; ) {
    assert.ok(pages.length < 100, "the links lead in a circle");
    const answer: Answer = await client.send("GET", next);
    assertStatus(answer, 200);
    const document = jsonOf(answer) as Record<string, Entry[]>;
    pages.push(document[field] ?? assert.fail(`the page has no ${field}`));
    next = nextOf(answer);
  }
  return pages;
}
