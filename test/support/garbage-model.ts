import assert from "node:assert/strict";
import fc from "fast-check";
import { type Digest, parseDigest } from "../../provider/server/src/domain/digest.ts";
import type { Instant } from "../../provider/server/src/domain/ids.ts";
import { BLOB_INLINE_BYTES_MAX } from "../../provider/server/src/domain/limits.ts";
import { digestOf } from "./content.ts";
import type { ContentInProcess } from "./content-in-process.ts";

/** The grace period of `application.ts`. */
export const GRACE = 60 * 60_000;

/** A registry, and what its clients know of it. */
export interface World {
  readonly content: ContentInProcess;
  now(): Instant;
  pass(milliseconds: number): void;
  collect(): Promise<void>;
  /** Looks whether a repository has a blob, as nobody does who is told of it. */
  peek(repository: string, digest: Digest): Promise<boolean>;
  usage(): Promise<number>;
  objects(): Promise<number>;
  /** When a client was last told that a repository has a blob: `<repository> <blob>`. */
  readonly told: Map<string, Instant>;
  /** Manifests by `<repository> <tag>`; one that lost its tag stays under its digest. */
  readonly images: Map<string, Image>;
  readonly uploads: { repository: string; id: string; bytes: Buffer; startedAt: Instant }[];
}

export interface Image {
  readonly repository: string;
  readonly digest: Digest;
  readonly blobs: readonly number[];
}

const REPOSITORIES = ["team/app", "team/other"] as const;
const BLOBS = 3;

/** The last one is too large for the database. */
function blob(number: number): Buffer {
  return Buffer.alloc(
    number < BLOBS - 1 ? 50 + number : BLOB_INLINE_BYTES_MAX + number,
    `blob ${number}`,
  );
}

const digest = (number: number) => parseDigest(digestOf(blob(number)));

/** Everything that clients and the collector do, in any order. */
export function commandsOn(): fc.Arbitrary<fc.AsyncCommand<object, World>>[] {
  const repository = fc.constantFrom(...REPOSITORIES);
  const number = fc.nat({ max: BLOBS - 1 });
  const tag = fc.constantFrom("1", "2");
  const some = fc.uniqueArray(number, { minLength: 1, maxLength: 3 });
  return [
    fc
      .tuple(repository, number)
      .map(([at, which]) =>
        step(`push blob ${which} to ${at}`, (world) => pushBlob(world, at, which)),
      ),
    fc
      .tuple(repository, number)
      .map(([at, which]) =>
        step(`start an upload of ${which} to ${at}`, (world) => startUpload(world, at, which)),
      ),
    fc.constant(step("finish the oldest upload", finishUpload)),
    fc
      .tuple(repository, number)
      .map(([at, which]) =>
        step(`ask ${at} for blob ${which}`, (world) => askFor(world, at, which)),
      ),
    fc
      .tuple(repository, number)
      .map(([at, which]) =>
        step(`mount blob ${which} at ${at}`, (world) => mount(world, at, which)),
      ),
    fc
      .tuple(repository, tag, some)
      .map(([at, name, blobs]) =>
        step(`push ${at}:${name} of ${blobs}`, (world) => pushImage(world, at, name, blobs)),
      ),
    fc
      .tuple(repository, tag)
      .map(([at, name]) => step(`untag ${at}:${name}`, (world) => untag(world, at, name))),
    fc
      .nat({ max: 10 })
      .map((which) => step(`delete manifest ${which}`, (world) => deleteImage(world, which))),
    fc
      .constantFrom(0.3, 0.45, 1.1)
      .map((share) =>
        step(`${share} grace periods pass`, async (world) => world.pass(Math.round(GRACE * share))),
      ),
    fc.constant(step("collect garbage", collectAndCheck)),
    fc.tuple(repository, number).map(([at, which]) =>
      step(`ask ${at} for blob ${which}, and rely on it for a while`, async (world) => {
        world.pass(Math.round(GRACE * 0.9));
        await askFor(world, at, which);
        world.pass(Math.round(GRACE * 0.45));
        await collectAndCheck(world);
      }),
    ),
    fc.tuple(repository, tag, number).map(([at, name, which]) =>
      step(`collect garbage while ${at}:${name} of ${which} is pushed`, async (world) => {
        await Promise.all([world.collect(), pushWhole(world, at, name, which)]);
      }),
    ),
  ];
}

function step(name: string, run: (world: World) => Promise<void>): fc.AsyncCommand<object, World> {
  return { check: () => true, run: (_, world) => run(world), toString: () => name };
}

async function pushBlob(world: World, at: string, which: number): Promise<void> {
  await world.content.pushBlob(at, blob(which));
  tell(world, at, which);
}

async function pushWhole(world: World, at: string, name: string, which: number): Promise<void> {
  if (await world.content.hasBlob(at, digest(which))) {
    tell(world, at, which);
  } else {
    await pushBlob(world, at, which);
  }
  await pushImage(world, at, name, [which]);
}

async function startUpload(world: World, at: string, which: number): Promise<void> {
  const id = await world.content.startUpload(at);
  world.uploads.push({ repository: at, id, bytes: blob(which), startedAt: world.now() });
}

async function finishUpload(world: World): Promise<void> {
  const upload = world.uploads.shift();
  if (upload !== undefined) {
    const finished = await world.content.finishUpload(upload.repository, upload.id, upload.bytes);
    for (let which = 0; which < BLOBS; which++) {
      if (digest(which) === finished) {
        tell(world, upload.repository, which);
      }
    }
  }
}

async function askFor(world: World, at: string, which: number): Promise<void> {
  if (await world.content.hasBlob(at, digest(which))) {
    tell(world, at, which);
  } else {
    assert.ok(!isKept(world, at, which), `blob ${which} of ${at} is gone`);
  }
}

async function mount(world: World, at: string, which: number): Promise<void> {
  const from = REPOSITORIES.find((name) => name !== at) ?? at;
  if (await world.content.mount(from, at, digest(which))) {
    tell(world, from, which);
    tell(world, at, which);
  } else {
    assert.ok(!isKept(world, from, which), `blob ${which} of ${from} cannot be mounted`);
  }
}

async function pushImage(
  world: World,
  at: string,
  name: string,
  numbers: readonly number[],
): Promise<void> {
  const pushed = await world.content.pushImage(at, name, numbers.map(blob));
  if (pushed === undefined) {
    const kept = numbers.filter((which) => isKept(world, at, which));
    assert.ok(kept.length < numbers.length, `of ${numbers}, all promised, one is missing`);
    return;
  }
  await untagInModel(world, at, name);
  world.images.delete(`${at} ${pushed}`);
  world.images.set(`${at} ${name}`, { repository: at, digest: pushed, blobs: numbers });
}

async function untag(world: World, at: string, name: string): Promise<void> {
  await world.content.delete(at, name);
  await untagInModel(world, at, name);
}

/** The manifest stays, without this tag. */
async function untagInModel(world: World, at: string, name: string): Promise<void> {
  const image = world.images.get(`${at} ${name}`);
  if (image !== undefined) {
    world.images.delete(`${at} ${name}`);
    world.images.set(`${at} ${image.digest}`, image);
  }
}

async function deleteImage(world: World, which: number): Promise<void> {
  const gone = [...world.images.values()][which % Math.max(world.images.size, 1)];
  if (gone !== undefined) {
    await world.content.delete(gone.repository, gone.digest);
    for (const [name, image] of world.images) {
      if (image.digest === gone.digest && image.repository === gone.repository) {
        world.images.delete(name);
      }
    }
  }
}

async function collectAndCheck(world: World): Promise<void> {
  const oldest = Math.min(world.now(), ...world.uploads.map(({ startedAt }) => startedAt));
  await world.collect();
  let bytes = manifestBytesOf(world);
  for (let which = 0; which < BLOBS; which++) {
    const isReferred = [...world.images.values()].some(({ blobs }) => blobs.includes(which));
    const told = Math.max(...REPOSITORIES.map((at) => world.told.get(`${at} ${which}`) ?? 0));
    const isThere = await isAnywhere(world, which);
    assert.ok(isThere || !(isReferred || told >= oldest - GRACE / 2), `blob ${which} is lost`);
    assert.ok(!isThere || isReferred || told >= oldest - GRACE, `blob ${which} is not freed`);
    bytes += isThere ? blob(which).byteLength : 0;
  }
  assert.equal(await world.usage(), bytes);
  for (const [name, { repository, blobs }] of world.images) {
    for (const which of blobs) {
      const found = await world.content.readBlob(repository, digest(which));
      assert.ok(found?.equals(blob(which)), `blob ${which} of ${name} is lost or damaged`);
      tell(world, repository, which);
    }
  }
}

function manifestBytesOf({ images, content }: World): number {
  const distinct = new Map(
    [...images.values()].map((image) => [`${image.repository} ${image.digest}`, image.digest]),
  );
  return [...distinct.values()].reduce(
    (sum, each) => sum + (content.manifestSizes.get(each) ?? 0),
    0,
  );
}

async function isAnywhere(world: World, which: number): Promise<boolean> {
  for (const at of REPOSITORIES) {
    if (await world.peek(at, digest(which))) {
      return true;
    }
  }
  return false;
}

/** Whether a repository must have a blob still: what is told twice within half of the grace period may be written down once. */
function isKept(world: World, at: string, which: number): boolean {
  const isReferred = [...world.images.values()].some(
    ({ repository, blobs }) => repository === at && blobs.includes(which),
  );
  const told = world.told.get(`${at} ${which}`) ?? 0;
  return isReferred || world.now() - told <= GRACE / 2;
}

function tell(world: World, at: string, which: number): void {
  world.told.set(`${at} ${which}`, world.now());
}
