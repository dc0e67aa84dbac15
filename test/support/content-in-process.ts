import { Readable } from "node:stream";
import { appendUpload } from "../../provider/server/src/app/append-upload.ts";
import type { Context } from "../../provider/server/src/app/context.ts";
import { deleteManifest } from "../../provider/server/src/app/delete-manifest.ts";
import { finishUpload } from "../../provider/server/src/app/finish-upload.ts";
import { mountBlob } from "../../provider/server/src/app/mount-blob.ts";
import { pullBlob } from "../../provider/server/src/app/pull-blob.ts";
import { pullManifest } from "../../provider/server/src/app/pull-manifest.ts";
import { pushManifest } from "../../provider/server/src/app/push-manifest.ts";
import { startUpload } from "../../provider/server/src/app/start-upload.ts";
import type { UserPrincipal } from "../../provider/server/src/domain/access.ts";
import { type Digest, parseDigest } from "../../provider/server/src/domain/digest.ts";
import { isRefusal } from "../../provider/server/src/domain/errors.ts";
import { CONFIG_TYPE, digestOf, manifestBytes, OCI_INDEX, OCI_MANIFEST } from "./content.ts";

/** Does in one registry what clients do, by the use cases themselves. */
export class ContentInProcess {
  readonly #context: Context;
  readonly #owner: UserPrincipal;
  readonly #registry: string;
  /** Bytes of the manifests that were pushed. */
  readonly manifestSizes = new Map<Digest, number>();

  constructor(context: Context, owner: UserPrincipal, registry: string) {
    this.#context = context;
    this.#owner = owner;
    this.#registry = registry;
  }

  /** Starts an upload whose first bytes are on their way. */
  async startUpload(repository: string): Promise<string> {
    const target = this.#target(repository);
    const { id } = await startUpload(this.#context, this.#owner, target);
    const nothing = { start: undefined, bytes: undefined, body: Readable.from([]) };
    await appendUpload(this.#context, this.#owner, target, id, nothing);
    return id;
  }

  async finishUpload(repository: string, uploadId: string, bytes: Buffer): Promise<Digest> {
    const digest = parseDigest(digestOf(bytes));
    await finishUpload(this.#context, this.#owner, this.#target(repository), uploadId, digest, {
      start: undefined,
      bytes: bytes.byteLength,
      // The writer takes its chunks over.
      body: once(Buffer.from(bytes)),
    });
    return digest;
  }

  async pushBlob(repository: string, bytes: Buffer): Promise<Digest> {
    return this.finishUpload(repository, await this.startUpload(repository), bytes);
  }

  /** Whether the registry says that it has the blob, as `HEAD` does. */
  async hasBlob(repository: string, digest: Digest): Promise<boolean> {
    return unless("blob-unknown", () =>
      pullBlob(this.#context, this.#owner, this.#target(repository), digest, "check"),
    );
  }

  /** The blob's bytes; `undefined`: there is none. */
  async readBlob(repository: string, digest: Digest): Promise<Buffer | undefined> {
    const target = this.#target(repository);
    let found: Awaited<ReturnType<typeof pullBlob>>;
    try {
      found = await pullBlob(this.#context, this.#owner, target, digest, "read");
    } catch (error) {
      if (isRefusal(error, "blob-unknown")) {
        return undefined;
      }
      throw error;
    }
    const { signal } = new AbortController();
    const chunks: Uint8Array[] = [];
    for await (const chunk of found.read({ start: 0, end: found.size }, signal)) {
      chunks.push(Buffer.from(chunk));
    }
    return Buffer.concat(chunks);
  }

  async mount(from: string, to: string, digest: Digest): Promise<boolean> {
    const [source, target] = [this.#target(from), this.#target(to)];
    return (await mountBlob(this.#context, this.#owner, target, source, digest)) !== undefined;
  }

  /** Pushes an image of these blobs; `undefined`: the repository misses one of them. */
  async pushImage(
    repository: string,
    tag: string,
    blobs: readonly Buffer[],
    subject?: Digest,
  ): Promise<Digest | undefined> {
    const layers = blobs.map((bytes) => descriptor(CONFIG_TYPE, digestOf(bytes), bytes.byteLength));
    const [config = descriptor(CONFIG_TYPE, digestOf(""), 0)] = layers;
    return this.#push(repository, tag, OCI_MANIFEST, {
      config,
      layers,
      ...(subject !== undefined && { subject: descriptor(OCI_MANIFEST, subject, 1) }),
    });
  }

  async pushIndex(repository: string, tag: string, child: Digest): Promise<Digest | undefined> {
    const manifests = [descriptor(OCI_MANIFEST, child, 1)];
    return this.#push(repository, tag, OCI_INDEX, { manifests });
  }

  /** Whether the registry says that it has the manifest, as `HEAD` does. */
  async hasManifest(repository: string, reference: string): Promise<boolean> {
    return unless("manifest-unknown", async () =>
      pullManifest(this.#context, this.#owner, this.#target(repository), reference, "check"),
    );
  }

  async delete(repository: string, reference: string): Promise<boolean> {
    return unless("manifest-unknown", () =>
      deleteManifest(this.#context, this.#owner, this.#target(repository), reference),
    );
  }

  async #push(
    repository: string,
    tag: string,
    mediaType: string,
    document: object,
  ): Promise<Digest | undefined> {
    const bytes = manifestBytes({ schemaVersion: 2, mediaType, ...document });
    const pushed = { reference: tag, tags: [], contentType: mediaType, bytes };
    const isPushed = await unless("manifest-reference-unknown", () =>
      pushManifest(this.#context, this.#owner, this.#target(repository), pushed),
    );
    const digest = parseDigest(digestOf(bytes));
    this.manifestSizes.set(digest, bytes.byteLength);
    return isPushed ? digest : undefined;
  }

  #target(repository: string) {
    return { registry: this.#registry, repository };
  }
}

function descriptor(mediaType: string, digest: string, size: number) {
  return { mediaType, digest, size };
}

async function* once(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield bytes;
}

/** `false` for this refusal; any other failure goes on. */
async function unless(
  reason: Parameters<typeof isRefusal>[1],
  work: () => Promise<unknown>,
): Promise<boolean> {
  try {
    await work();
    return true;
  } catch (error) {
    if (isRefusal(error, reason)) {
      return false;
    }
    throw error;
  }
}
