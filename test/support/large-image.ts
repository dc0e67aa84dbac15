import { createCipheriv, createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { mkdir, open, rename, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { pipeline } from "node:stream/promises";
import {
  CONFIG_TYPE,
  type DescriptorDocument,
  descriptorOf,
  LAYER_TYPE,
  OCI_INDEX,
  OCI_MANIFEST,
} from "./content.ts";

const MIB = 1024 * 1024;
const CHUNK = Buffer.alloc(MIB);

export interface LargeImage {
  readonly manifest: DescriptorDocument;
  readonly layers: readonly DescriptorDocument[];
}

/**
 * Writes an image layout (image-spec 1.1, "Image Layout") with layers of these sizes. They are what AES makes of zeros: as quick as the
 * disk, the same every time, and smaller by no compression. Clients that copy do not look into layers, so they need be no archives.
 */
export async function writeLargeImage(
  path: string,
  layerMebibytes: readonly number[],
): Promise<LargeImage> {
  await mkdir(join(path, "blobs/sha256"), { recursive: true });
  const layers: DescriptorDocument[] = [];
  for (const [seed, mebibytes] of layerMebibytes.entries()) {
    layers.push(await writeLayer(path, seed, mebibytes));
  }
  const config = await writeDocument(path, CONFIG_TYPE, {
    architecture: "amd64",
    os: "linux",
    config: {},
    rootfs: { type: "layers", diff_ids: layers.map(({ digest }) => digest) },
  });
  const manifest = await writeDocument(path, OCI_MANIFEST, {
    schemaVersion: 2,
    mediaType: OCI_MANIFEST,
    config,
    layers,
  });
  const named = { ...manifest, annotations: { "org.opencontainers.image.ref.name": "latest" } };
  const index = { schemaVersion: 2, mediaType: OCI_INDEX, manifests: [named] };
  await writeFile(join(path, "index.json"), JSON.stringify(index));
  await writeFile(join(path, "oci-layout"), JSON.stringify({ imageLayoutVersion: "1.0.0" }));
  return { manifest, layers };
}

/** Where a layout keeps a blob. */
export function blobFile(path: string, digest: string): string {
  return join(path, "blobs", digest.replace(":", "/"));
}

/** The digest of what is in a file, whatever its name says. */
export async function digestOfFile(file: string): Promise<string> {
  const hash = createHash("sha256");
  await pipeline(createReadStream(file, { highWaterMark: MIB }), hash);
  return `sha256:${hash.digest("hex")}`;
}

async function writeLayer(
  path: string,
  seed: number,
  mebibytes: number,
): Promise<DescriptorDocument> {
  const cipher = createCipheriv("aes-128-ctr", Buffer.alloc(16, seed), Buffer.alloc(16));
  const hash = createHash("sha256");
  const unfinished = join(path, "unfinished");
  const file = await open(unfinished, "w");
  try {
    for (let count = 0; count < mebibytes; count++) {
      const bytes = cipher.update(CHUNK);
      hash.update(bytes);
      await file.write(bytes);
    }
  } finally {
    await file.close();
  }
  const digest = `sha256:${hash.digest("hex")}`;
  await rename(unfinished, blobFile(path, digest));
  return { mediaType: LAYER_TYPE, digest, size: mebibytes * MIB };
}

async function writeDocument(
  path: string,
  mediaType: string,
  document: object,
): Promise<DescriptorDocument> {
  const bytes = Buffer.from(JSON.stringify(document));
  const descriptor = descriptorOf(mediaType, bytes);
  await writeFile(blobFile(path, descriptor.digest), bytes);
  return descriptor;
}
