import assert from "node:assert/strict";
import {
  CONFIG_TYPE,
  descriptorOf,
  digestOf,
  LAYER_TYPE,
  manifestBytes,
  OCI_MANIFEST,
  someContent,
} from "./content.ts";
import {
  assertStatus,
  type DistributionClient,
  locationOf,
  withDigest,
} from "./distribution-client.ts";

const TAGS = ["a", "b", "c"];
/** Within the database, one file, several blocks. */
const SIZES = [100, 5000, 70_000, 300_000, 1_200_000];

interface Upload {
  readonly location: string;
  readonly bytes: Buffer;
  /** Bytes whose arrival the server has confirmed. */
  acknowledged: number;
}

/**
 * Works on a repository of its own, one request after the other, and keeps the books: what the server has acknowledged must be there
 * for ever after; of the one request that it had no time to answer, all or nothing.
 */
export class Pusher {
  readonly #client: DistributionClient;
  readonly #repository: string;
  readonly #acknowledge: () => void;
  readonly #blobs = new Map<string, Buffer>();
  readonly #manifests = new Map<string, Buffer>();
  readonly #tags = new Map<string, string>();
  /** What a tag may point at besides what the books say, `undefined` being nothing. */
  #pendingTag: { readonly tag: string; readonly digest: string | undefined } | undefined;
  #upload: Upload | undefined;
  #count = 0;

  constructor(client: DistributionClient, repository: string, acknowledge: () => void) {
    this.#client = client;
    this.#repository = repository;
    this.#acknowledge = acknowledge;
  }

  /** Pushes images, moves and deletes tags, mounts blobs, until the server is gone. */
  async work(isGone: () => boolean): Promise<void> {
    try {
      while (!isGone()) {
        const count = this.#count++;
        const tag = TAGS[count % TAGS.length] ?? "a";
        const size = SIZES[count % SIZES.length] ?? 100;
        const config = await this.#push(someContent(50));
        const layer = await (count % 2 === 0
          ? this.#push(someContent(size))
          : this.#pushInChunks(someContent(size)));
        await this.#tag(tag, config, layer);
        if (count % 3 === 2) {
          await this.#deleteTag(tag);
        }
      }
    } catch (error) {
      if (!isGone()) {
        throw error;
      }
    }
  }

  /** Compares the repository with the books. */
  async verify(): Promise<void> {
    for (const [digest, bytes] of this.#blobs) {
      const answer = await this.#client.ask("GET", this.#repository, `blobs/${digest}`);
      assertStatus(answer, 200);
      assert.ok(answer.body.equals(bytes), `blob ${digest} has other bytes`);
    }
    for (const [digest, bytes] of this.#manifests) {
      const answer = await this.#client.ask("GET", this.#repository, `manifests/${digest}`);
      assertStatus(answer, 200);
      assert.ok(answer.body.equals(bytes), `manifest ${digest} has other bytes`);
    }
    for (const tag of TAGS) {
      await this.#verifyTag(tag);
    }
    this.#pendingTag = undefined;
    await this.#resume();
  }

  async #verifyTag(tag: string): Promise<void> {
    const answer = await this.#client.ask("GET", this.#repository, `manifests/${tag}`);
    const found =
      answer.status === 404 ? undefined : String(answer.headers["docker-content-digest"]);
    const allowed = [this.#tags.get(tag)];
    if (this.#pendingTag?.tag === tag) {
      allowed.push(this.#pendingTag.digest);
    }
    assert.ok(allowed.includes(found), `tag ${tag} is ${found}, not ${allowed.join(" or ")}`);
    if (found === undefined) {
      this.#tags.delete(tag);
    } else {
      assertStatus(answer, 200);
      assert.equal(digestOf(answer.body), found);
      this.#tags.set(tag, found);
    }
  }

  /** An upload that was cut off is either gone, finished, or can be gone on with from an offset that covers what was acknowledged. */
  async #resume(): Promise<void> {
    const upload = this.#upload;
    this.#upload = undefined;
    if (upload === undefined) {
      return;
    }
    const { location, bytes, acknowledged } = upload;
    const digest = digestOf(bytes);
    const status = await this.#client.send("GET", location);
    if (status.status === 404) {
      const blob = await this.#client.ask("GET", this.#repository, `blobs/${digest}`);
      assert.ok(blob.status === 200 && blob.body.equals(bytes), "the upload is lost");
    } else {
      assertStatus(status, 204);
      const last = Number(/^0-(\d+)$/.exec(status.headers["range"] ?? "")?.[1]);
      const offset = last === 0 ? 0 : last + 1;
      assert.ok(offset >= acknowledged, `${offset} of ${acknowledged} acknowledged bytes`);
      const body = bytes.subarray(offset);
      assertStatus(await this.#client.send("PUT", withDigest(location, digest), { body }), 201);
    }
    this.#blobs.set(digest, bytes);
  }

  async #push(bytes: Buffer): Promise<Buffer> {
    const digest = await this.#client.pushBlob(this.#repository, bytes);
    this.#blobs.set(digest, bytes);
    this.#acknowledge();
    return bytes;
  }

  async #pushInChunks(bytes: Buffer): Promise<Buffer> {
    const location = await this.#client.startUpload(this.#repository);
    const upload: Upload = { location, bytes, acknowledged: 0 };
    this.#upload = upload;
    const step = Math.ceil(bytes.length / 3);
    while (upload.acknowledged < bytes.length) {
      const body = bytes.subarray(upload.acknowledged, upload.acknowledged + step);
      const answer = await this.#client.send("PATCH", location, { body });
      assertStatus(answer, 202);
      assert.equal(locationOf(answer), location);
      upload.acknowledged += body.length;
      this.#acknowledge();
    }
    const digest = digestOf(bytes);
    assertStatus(await this.#client.send("PUT", withDigest(location, digest)), 201);
    this.#upload = undefined;
    this.#blobs.set(digest, bytes);
    this.#acknowledge();
    return bytes;
  }

  async #tag(tag: string, config: Buffer, layer: Buffer): Promise<void> {
    const bytes = manifestBytes({
      schemaVersion: 2,
      mediaType: OCI_MANIFEST,
      config: descriptorOf(CONFIG_TYPE, config),
      layers: [descriptorOf(LAYER_TYPE, layer)],
    });
    const digest = digestOf(bytes);
    this.#pendingTag = { tag, digest };
    assertStatus(await this.#client.putManifest(this.#repository, tag, bytes), 201);
    this.#pendingTag = undefined;
    this.#manifests.set(digest, bytes);
    this.#tags.set(tag, digest);
    this.#acknowledge();
  }

  async #deleteTag(tag: string): Promise<void> {
    this.#pendingTag = { tag, digest: undefined };
    const answer = await this.#client.ask("DELETE", this.#repository, `manifests/${tag}`);
    assertStatus(answer, 202);
    this.#pendingTag = undefined;
    this.#tags.delete(tag);
    this.#acknowledge();
  }
}
