import assert from "node:assert/strict";
import {
  CONFIG_TYPE,
  descriptorOf,
  digestOf,
  LAYER_TYPE,
  manifestBytes,
  OCI_INDEX,
  OCI_MANIFEST,
  someContent,
} from "./content.ts";
import { assertStatus, type DistributionClient } from "./distribution-client.ts";

/** In a row of the database, in files of one block and of several. */
const LAYER_SIZES = [10, 70_000, 300_000, 1_000_000];

/** What a client has pushed, by the path that it is read at. */
export type PushedContent = ReadonlyMap<string, Buffer>;

/** Pushes images with small and large layers, an index of them, and a referrer; returns everything that was acknowledged. */
export async function pushContent(
  client: DistributionClient,
  name: string,
): Promise<PushedContent> {
  const pushed = new Map<string, Buffer>();
  const blob = async (bytes: Buffer) => {
    pushed.set(client.path(name, `blobs/${await client.pushBlob(name, bytes)}`), bytes);
    return bytes;
  };
  const manifest = async (reference: string, document: object) => {
    const bytes = manifestBytes({ schemaVersion: 2, ...document });
    const { mediaType } = document as { mediaType: string };
    assertStatus(await client.putManifest(name, reference, bytes, mediaType), 201);
    pushed.set(client.path(name, `manifests/${reference}`), bytes);
    return descriptorOf(mediaType, bytes);
  };
  const image = async (reference: string, sizes: readonly number[], more: object = {}) => {
    const layers: Buffer[] = [];
    for (const size of sizes) {
      layers.push(await blob(someContent(size)));
    }
    return manifest(reference, {
      mediaType: OCI_MANIFEST,
      config: descriptorOf(CONFIG_TYPE, await blob(someContent(50))),
      layers: layers.map((bytes) => descriptorOf(LAYER_TYPE, bytes)),
      ...more,
    });
  };
  const manifests = [await image("large", LAYER_SIZES), await image("small", [100])];
  const subject = await manifest("all", { mediaType: OCI_INDEX, manifests });
  await image("signature", [200], { subject });
  return pushed;
}

/** Fails unless everything is served, byte for byte. */
export async function expectServed(
  client: DistributionClient,
  content: PushedContent,
): Promise<void> {
  for (const [path, bytes] of content) {
    const answer = await client.send("GET", path);
    assertStatus(answer, 200);
    assert.equal(digestOf(answer.body), digestOf(bytes), path);
  }
}
