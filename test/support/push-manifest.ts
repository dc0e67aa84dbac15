import assert from "node:assert/strict";
import { basic, OWNER } from "./management.ts";

/** Pushes the smallest artifact: an empty index, for which no blob is needed. */
export async function pushManifest(url: string, repository: string): Promise<void> {
  const mediaType = "application/vnd.oci.image.index.v1+json";
  const answer = await fetch(`${url}/v2/${repository}/manifests/latest`, {
    method: "PUT",
    headers: { authorization: basic(OWNER), "content-type": mediaType },
    body: JSON.stringify({ schemaVersion: 2, mediaType, manifests: [] }),
  });
  assert.equal(answer.status, 201, await answer.text());
}
