import { randomBytes } from "node:crypto";
import { mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { promisify } from "node:util";
import { gzip } from "node:zlib";
import { run } from "../../tools/obtain/run.ts";
import {
  CONFIG_TYPE,
  type DescriptorDocument,
  descriptorOf,
  digestOf,
  OCI_INDEX,
  OCI_MANIFEST,
} from "./content.ts";

const compress = promisify(gzip);
const GZIP_LAYER_TYPE = "application/vnd.oci.image.layer.v1.tar+gzip";

export interface LayoutImage {
  /** Directory, as `oci:<path>:<tag>` takes it. */
  readonly path: string;
  readonly digest: string;
  /** Of all that belongs to the image. */
  readonly bytes: number;
}

/** Writes an image layout (image-spec 1.1, "Image Layout") that holds one image: this Node's binary, and two files of random content. */
export async function writeNodeImage(path: string): Promise<LayoutImage> {
  const layout = await Layout.create(path);
  const node = await tarOf(path, process.execPath);
  const random = await tarOf(path, "large", randomBytes(20 * 1024 * 1024));
  const small = await tarOf(path, "small", randomBytes(2000));
  return layout.finish(await layout.addImage("amd64", [node, random, small]));
}

/** Writes an image layout that holds one small image. */
export async function writeSmallImage(path: string): Promise<LayoutImage> {
  const layout = await Layout.create(path);
  const tar = await tarOf(path, "small", randomBytes(2000));
  return layout.finish(await layout.addImage("amd64", [tar]));
}

/** Writes an image layout that holds one image, whose only layer is too large for a row of the database. */
export async function writeLargeFileImage(path: string): Promise<LayoutImage> {
  const layout = await Layout.create(path);
  const tar = await tarOf(path, "large", randomBytes(400_000));
  return layout.finish(await layout.addImage("amd64", [tar]));
}

/** Writes an image layout that holds an index of small images, one for each architecture. */
export async function writeIndex(
  path: string,
  architectures: readonly string[],
): Promise<LayoutImage> {
  const layout = await Layout.create(path);
  const manifests: object[] = [];
  for (const architecture of architectures) {
    const tar = await tarOf(path, "small", randomBytes(2000));
    const image = await layout.addImage(architecture, [tar]);
    manifests.push({ ...image, platform: { os: "linux", architecture } });
  }
  const index = { schemaVersion: 2, mediaType: OCI_INDEX, manifests };
  return layout.finish(await layout.addBlob(OCI_INDEX, Buffer.from(JSON.stringify(index))));
}

class Layout {
  readonly #path: string;
  #bytes = 0;

  private constructor(path: string) {
    this.#path = path;
  }

  static async create(path: string): Promise<Layout> {
    await mkdir(join(path, "blobs/sha256"), { recursive: true });
    await writeFile(join(path, "oci-layout"), JSON.stringify({ imageLayoutVersion: "1.0.0" }));
    return new Layout(path);
  }

  async addBlob(mediaType: string, bytes: Buffer): Promise<DescriptorDocument> {
    const descriptor = descriptorOf(mediaType, bytes);
    await writeFile(join(this.#path, "blobs", descriptor.digest.replace(":", "/")), bytes);
    this.#bytes += bytes.length;
    return descriptor;
  }

  async addImage(architecture: string, tars: readonly Buffer[]): Promise<DescriptorDocument> {
    const layers: DescriptorDocument[] = [];
    for (const tar of tars) {
      layers.push(await this.addBlob(GZIP_LAYER_TYPE, await compress(tar, { level: 1 })));
    }
    const config = await this.addBlob(
      CONFIG_TYPE,
      Buffer.from(
        JSON.stringify({
          architecture,
          os: "linux",
          config: {},
          rootfs: { type: "layers", diff_ids: tars.map((tar) => digestOf(tar)) },
        }),
      ),
    );
    const manifest = { schemaVersion: 2, mediaType: OCI_MANIFEST, config, layers };
    return this.addBlob(OCI_MANIFEST, Buffer.from(JSON.stringify(manifest)));
  }

  async finish(top: DescriptorDocument): Promise<LayoutImage> {
    const named = { ...top, annotations: { "org.opencontainers.image.ref.name": "latest" } };
    const index = { schemaVersion: 2, mediaType: OCI_INDEX, manifests: [named] };
    await writeFile(join(this.#path, "index.json"), JSON.stringify(index));
    return { path: this.#path, digest: top.digest, bytes: this.#bytes };
  }
}

/** A tar archive of one file: one that exists, or one with this content. */
async function tarOf(scratch: string, file: string, content?: Buffer): Promise<Buffer> {
  const source = content === undefined ? file : join(scratch, file);
  const archive = join(scratch, "layer.tar");
  if (content !== undefined) {
    await writeFile(source, content);
  }
  const { code, errors } = await run("tar", [
    "-cf",
    archive,
    "-C",
    dirname(source),
    basename(source),
  ]);
  if (code !== 0) {
    throw new Error(`tar ended with ${code}: ${errors}`);
  }
  const bytes = await readFile(archive);
  await rm(archive);
  if (content !== undefined) {
    await rm(source);
  }
  return bytes;
}
