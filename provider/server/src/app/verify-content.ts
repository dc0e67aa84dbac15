import { createHash } from "node:crypto";
import { isDeepStrictEqual } from "node:util";
import { DamageError } from "../domain/damage-error.ts";
import { algorithmOf, digestOf } from "../domain/digest.ts";
import type { RegistryId, StorageKey } from "../domain/ids.ts";
import {
  DAMAGED_BLOB_HOLDERS_MAX,
  ORPHAN_AGE_MILLISECONDS_MIN,
  UNNAMED_OBJECTS_PER_QUERY_MAX,
  VERIFIED_ROWS_PER_QUERY_MAX,
} from "../domain/limits.ts";
import { parseManifest } from "../domain/manifest.ts";
import type { BlobLocation } from "../ports/blob-index.ts";
import type {
  ContentInventory,
  InventoriedBlob,
  InventoriedManifest,
} from "../ports/content-inventory.ts";
import type { Context } from "./context.ts";
import { manifestContext } from "./push-manifest.ts";
import { hashStored } from "./stored-content.ts";

/** What was looked at, and what it came to. */
export interface Verification {
  readonly blobs: number;
  readonly blobBytes: number;
  readonly manifests: number;
  /** Files that no row names: they cost room and nothing else, and the server removes them in time. */
  readonly orphans: number;
  readonly problems: number;
}

type Parts = Pick<Context, "blobs" | "sealer" | "metadata" | "clock"> & {
  readonly inventory: ContentInventory;
};

/**
 * Looks at all content, whosever it is: every blob is read, opened and hashed, every manifest is opened, hashed and compared with the rows
 * of what it refers to, and the database checks itself. `tell` gets a sentence for each thing that is wrong.
 *
 * A blob that is found damaged is noted as such, so that clients push it again; one that was, and is sound, no longer is.
 *
 * Servers may be running: what looks wrong counts only if its row is still there when it is looked at again, since rows go before
 * their bytes do.
 */
export async function verifyContent(
  context: Parts,
  tell: (problem: string) => void,
): Promise<Verification> {
  let problems = 0;
  const note = (problem: string) => {
    problems++;
    tell(problem);
  };
  for (const problem of await context.inventory.damage()) {
    note(problem);
  }
  for (const problem of await context.inventory.strays()) {
    note(problem);
  }
  const { blobs, blobBytes } = await verifyBlobs(context, note);
  const manifests = await verifyManifests(context, note);
  return { blobs, blobBytes, manifests, orphans: await countOrphans(context), problems };
}

async function verifyBlobs(context: Parts, note: (problem: string) => void) {
  const { inventory } = context;
  let blobs = 0;
  let blobBytes = 0;
  const page = (after: number) => inventory.blobs(after, VERIFIED_ROWS_PER_QUERY_MAX);
  for await (const blob of rows(page)) {
    blobs++;
    blobBytes += blob.size;
    const { registryId, digest } = blob;
    const error = await failureOf(async () =>
      expectDigest(digest, await hashStored(context, registryId, blob)),
    );
    await noteState(context, blob, error);
    if (error !== undefined && (await isThere(inventory.blobs.bind(inventory), blob))) {
      const holders = await context.metadata.blobs.holders(
        registryId,
        digest,
        DAMAGED_BLOB_HOLDERS_MAX,
      );
      const where = holders.length === 0 ? "no repository" : `repository ${holders.join(", ")}`;
      note(`registry ${blob.registryName}, ${where}: blob ${digest}: ${error.message}`);
    }
  }
  return { blobs, blobBytes };
}

/** Takes note of it, so that clients push the blob again; or that what was damaged once is sound. */
async function noteState(
  { metadata, clock }: Parts,
  { registryId, isDamaged, ...blob }: InventoriedBlob,
  error: Error | undefined,
): Promise<void> {
  if (error instanceof DamageError) {
    await metadata.blobs.noteDamage(registryId, blob, clock.now());
  } else if (error === undefined && isDamaged) {
    await metadata.blobs.noteSoundness(registryId, blob);
  }
}

async function verifyManifests(context: Parts, note: (problem: string) => void): Promise<number> {
  const { inventory } = context;
  let manifests = 0;
  const page = (after: number) => inventory.manifests(after, VERIFIED_ROWS_PER_QUERY_MAX);
  for await (const manifest of rows(page)) {
    manifests++;
    const error = await failureOf(() => checkManifest(context, manifest));
    if (error !== undefined && (await isThere(inventory.manifests.bind(inventory), manifest))) {
      const { registryName, repository, digest } = manifest;
      note(
        `registry ${registryName}, repository ${repository}: manifest ${digest}: ${error.message}`,
      );
    }
  }
  return manifests;
}

async function checkManifest(
  { sealer, inventory }: Parts,
  manifest: InventoriedManifest,
): Promise<void> {
  const { registryId, digest, mediaType } = manifest;
  const bytes = await sealer.open(registryId, manifestContext(digest), manifest.sealed);
  expectDigest(digest, createHash(algorithmOf(digest)).update(bytes).digest("hex"));
  const { blobs, manifests } = parseManifest(bytes, mediaType);
  const held = await inventory.references(manifest);
  const found = new Map<string, string>(held.map((reference) => [reference.digest, reference.to]));
  for (const reference of [...blobs, ...manifests]) {
    const isBlob = blobs.includes(reference);
    const to = found.get(reference.digest);
    // A child may be deleted, and a blob that can be had elsewhere need never have been pushed.
    const isFine = to === "blob" || (to !== undefined && to !== "lost-blob" && !isBlob);
    if (!isFine && !reference.hasUrls) {
      const kind = isBlob ? "blob" : "manifest";
      throw new Error(`it refers to the ${kind} ${reference.digest}, which is not there`);
    }
  }
}

/** Files that are old enough not to be of an upload that has just begun. */
async function countOrphans({ blobs, metadata, clock }: Parts): Promise<number> {
  const writtenBefore = clock.now() - ORPHAN_AGE_MILLISECONDS_MIN;
  let count = 0;
  for await (const registryId of blobs.registries()) {
    let batch: StorageKey[] = [];
    const ask = async (id: RegistryId) => {
      count += (await metadata.blobs.unreferenced(id, batch)).length;
      batch = [];
    };
    for await (const key of blobs.keys(registryId, { writtenBefore })) {
      batch.push(key);
      if (batch.length === UNNAMED_OBJECTS_PER_QUERY_MAX) {
        await ask(registryId);
      }
    }
    await ask(registryId);
  }
  return count;
}

async function* rows<Row extends { readonly row: number }>(
  page: (after: number) => Promise<readonly Row[]>,
): AsyncIterableIterator<Row> {
  for (let after = 0; ; ) {
    const some = await page(after);
    yield* some;
    const last = some.at(-1);
    if (last === undefined) {
      return;
    }
    after = last.row;
  }
}

/** A blob that was healed meanwhile has its row still, and other bytes. */
async function isThere<Row extends { readonly row: number; readonly location?: BlobLocation }>(
  page: (after: number, limit: number) => Promise<readonly Row[]>,
  { row, location }: Row,
): Promise<boolean> {
  const [found] = await page(row - 1, 1);
  return found?.row === row && isDeepStrictEqual(found.location, location);
}

async function failureOf(check: () => Promise<void>): Promise<Error | undefined> {
  try {
    await check();
    return undefined;
  } catch (error) {
    return error instanceof Error ? error : new Error(String(error));
  }
}

function expectDigest(expected: Parameters<typeof algorithmOf>[0], hex: string): void {
  const actual = digestOf(algorithmOf(expected), hex);
  if (actual !== expected) {
    throw new DamageError(`its content has the digest ${actual}`);
  }
}
