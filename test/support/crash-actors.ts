import assert from "node:assert/strict";
import { patternBytes } from "./byte-patterns.ts";
import { CONFIG_TYPE, descriptorOf, digestOf, manifestBytes, OCI_MANIFEST } from "./content.ts";
import {
  assertStatus,
  type DistributionClient,
  locationOf,
  withDigest,
} from "./distribution-client.ts";
import type { SeededRandom } from "./seeded-random.ts";

/**
 * Somebody who works with a server that may die at any moment. What was acknowledged must hold when it is back; what was under way may
 * have happened or not.
 */
export interface CrashActor {
  /** Does one thing; throws when the server dies over it. */
  step(client: DistributionClient, random: SeededRandom): Promise<void>;
  /** Fails unless everything that was acknowledged since the last check holds; finds out about what was under way. */
  check(client: DistributionClient): Promise<void>;
  /** The same for everything that was ever acknowledged. */
  checkAll(client: DistributionClient): Promise<void>;
}

const SIZES = [100, 60_000, 70_000, 300_000, 600_000] as const;
/** Few enough that pushers meet over the same content. */
const CONTENTS = 40;

/** Pushes blobs, in every way, of which other pushers push the same at the same time. */
export class BlobPusher implements CrashActor {
  readonly repository: string;
  readonly acknowledged = new Map<string, Buffer>();
  #unchecked = new Map<string, Buffer>();

  constructor(repository: string) {
    this.repository = repository;
  }

  async step(client: DistributionClient, random: SeededRandom): Promise<void> {
    const bytes = Buffer.from(patternBytes(random.pick(SIZES), random.integer(1, CONTENTS)));
    const digest = digestOf(bytes);
    if (random.integer(0, 3) === 0) {
      const path = `blobs/uploads/?digest=${digest}`;
      assertStatus(await client.ask("POST", this.repository, path, { body: bytes }), 201);
    } else {
      const cut = random.integer(0, bytes.byteLength);
      const location = await client.startUpload(this.repository);
      assertStatus(await client.send("PATCH", location, { body: bytes.subarray(0, cut) }), 202);
      const end = { body: bytes.subarray(cut) };
      assertStatus(await client.send("PUT", withDigest(location, digest), end), 201);
    }
    this.#unchecked.set(digest, bytes);
    this.acknowledged.set(digest, bytes);
  }

  async check(client: DistributionClient): Promise<void> {
    await assertBlobs(client, this.repository, this.#unchecked);
    this.#unchecked = new Map();
  }

  checkAll(client: DistributionClient): Promise<void> {
    return assertBlobs(client, this.repository, this.acknowledged);
  }
}

/** Mounts what a pusher has pushed. */
export class Mounter implements CrashActor {
  readonly #pusher: BlobPusher;
  readonly #mounted = new Map<string, Map<string, Buffer>>();

  constructor(pusher: BlobPusher) {
    this.#pusher = pusher;
  }

  async step(client: DistributionClient, random: SeededRandom): Promise<void> {
    const known = [...this.#pusher.acknowledged];
    const [digest, bytes] = known[random.integer(0, known.length)] ?? [];
    if (digest === undefined || bytes === undefined) {
      assertStatus(await client.send("GET", "/v2/"), 200);
      return;
    }
    const repository = `mounted/r${random.integer(0, 50)}`;
    const query = `mount=${digest}&from=${this.#pusher.repository}`;
    assertStatus(await client.ask("POST", repository, `blobs/uploads/?${query}`), 201);
    const blobs = this.#mounted.get(repository) ?? new Map<string, Buffer>();
    this.#mounted.set(repository, blobs.set(digest, bytes));
  }

  async check(client: DistributionClient): Promise<void> {
    await this.checkAll(client);
    this.#mounted.clear();
  }

  async checkAll(client: DistributionClient): Promise<void> {
    for (const [repository, blobs] of this.#mounted) {
      await assertBlobs(client, repository, blobs);
    }
  }
}

/** Moves a tag on and on, and now and then deletes what it pointed at before. */
export class TagMover implements CrashActor {
  readonly #repository: string;
  readonly #config: Buffer;
  #hasConfig = false;
  /** What the tag may point at: the acknowledged manifest, and one under way. */
  #possible: (Buffer | undefined)[] = [undefined];
  #revision = 0;

  constructor(repository: string) {
    this.#repository = repository;
    this.#config = Buffer.from(JSON.stringify({ repository }));
  }

  async step(client: DistributionClient, random: SeededRandom): Promise<void> {
    if (!this.#hasConfig) {
      await client.pushBlob(this.#repository, this.#config);
      this.#hasConfig = true;
    }
    const [current] = this.#possible;
    const isDeletion = current !== undefined && random.integer(0, 4) === 0;
    const next = isDeletion ? undefined : this.#nextManifest();
    this.#possible = [current, next];
    if (next !== undefined) {
      assertStatus(await client.putManifest(this.#repository, "latest", next), 201);
    } else if (current !== undefined) {
      const reference = random.pick(["latest", digestOf(current)]);
      assertStatus(await client.ask("DELETE", this.#repository, `manifests/${reference}`), 202);
    }
    this.#possible = [next];
  }

  async check(client: DistributionClient): Promise<void> {
    const answer = await client.ask("GET", this.#repository, "manifests/latest");
    const found = answer.status === 404 ? undefined : answer.body;
    assert.ok(found === undefined || answer.status === 200, `status ${answer.status}`);
    const isPossible = this.#possible.some((each) =>
      each === undefined || found === undefined ? each === found : each.equals(found),
    );
    assert.ok(isPossible, `the tag of ${this.#repository} points at ${found ?? "nothing"}`);
    this.#possible = [found];
    if (this.#hasConfig) {
      const config = new Map([[digestOf(this.#config), this.#config]]);
      await assertBlobs(client, this.#repository, config);
    }
  }

  checkAll(client: DistributionClient): Promise<void> {
    return this.check(client);
  }

  #nextManifest(): Buffer {
    return manifestBytes({
      schemaVersion: 2,
      mediaType: OCI_MANIFEST,
      config: descriptorOf(CONFIG_TYPE, this.#config),
      layers: [],
      annotations: { revision: String(this.#revision++) },
    });
  }
}

/** Pushes one blob after the other in small chunks, and goes on after every crash where the server says that it stands. */
export class PatientUploader implements CrashActor {
  readonly #repository: string;
  readonly #finished = new Map<string, Buffer>();
  #count = 0;
  #upload: { location: string; bytes: Buffer; acknowledged: number; isEnding: boolean } | undefined;

  constructor(repository: string) {
    this.#repository = repository;
  }

  async step(client: DistributionClient, random: SeededRandom): Promise<void> {
    if (this.#upload === undefined) {
      const bytes = Buffer.from(patternBytes(random.integer(1, 900_000), 1000 + this.#count++));
      const answer = await client.ask("POST", this.#repository, "blobs/uploads/");
      assertStatus(answer, 202);
      this.#upload = { location: locationOf(answer), bytes, acknowledged: 0, isEnding: false };
      return;
    }
    const { location, bytes, acknowledged: from } = this.#upload;
    const end = Math.min(from + random.integer(1, 200_000), bytes.byteLength);
    const chunk = {
      body: bytes.subarray(from, end),
      headers: { "content-range": `${from}-${end - 1}` },
    };
    if (end < bytes.byteLength) {
      assertStatus(await client.send("PATCH", location, chunk), 202);
      this.#upload.acknowledged = end;
    } else {
      this.#upload.isEnding = true;
      const digest = digestOf(bytes);
      assertStatus(await client.send("PUT", withDigest(location, digest), chunk), 201);
      this.#finished.set(digest, bytes);
      this.#upload = undefined;
    }
  }

  async check(client: DistributionClient): Promise<void> {
    const upload = this.#upload;
    if (upload === undefined) {
      return;
    }
    const status = await client.send("GET", upload.location);
    if (status.status === 404) {
      assert.ok(upload.isEnding, "an upload under way is gone");
      const whole = new Map([[digestOf(upload.bytes), upload.bytes]]);
      await assertBlobs(client, this.#repository, whole);
      this.#upload = undefined;
      return;
    }
    assertStatus(status, 204);
    const last = Number(status.headers["range"]?.split("-")[1]);
    const offset = last === 0 ? upload.acknowledged : last + 1;
    assert.ok(offset >= upload.acknowledged, `${offset} of ${upload.acknowledged} bytes are left`);
    upload.acknowledged = offset;
    upload.isEnding = false;
    if (offset === upload.bytes.byteLength) {
      const digest = digestOf(upload.bytes);
      assertStatus(await client.send("PUT", withDigest(upload.location, digest)), 201);
      this.#finished.set(digest, upload.bytes);
      this.#upload = undefined;
    }
  }

  checkAll(client: DistributionClient): Promise<void> {
    return assertBlobs(client, this.#repository, this.#finished);
  }
}

async function assertBlobs(
  client: DistributionClient,
  repository: string,
  blobs: ReadonlyMap<string, Buffer>,
): Promise<void> {
  for (const [digest, bytes] of blobs) {
    const answer = await client.ask("GET", repository, `blobs/${digest}`);
    assertStatus(answer, 200);
    assert.ok(answer.body.equals(bytes), `${digest} in ${repository} has other bytes`);
  }
}
