import { createHash } from "node:crypto";
import { constants, createReadStream } from "node:fs";
import { type FileHandle, link, open, rename, rm } from "node:fs/promises";
import { COPIED_BYTES_PER_READ } from "../../domain/limits.ts";

/** What a file holds. */
export interface FileSum {
  readonly bytes: number;
  readonly sha256: string;
}

/** Reads a whole file. */
export async function sumOf(path: string): Promise<FileSum> {
  const hash = createHash("sha256");
  let bytes = 0;
  for await (const chunk of createReadStream(path) as AsyncIterable<Buffer>) {
    hash.update(chunk);
    bytes += chunk.byteLength;
  }
  return { bytes, sha256: hash.digest("hex") };
}

/** Copies a file under another name, syncs it, and only then gives it its own. The directory is the caller's to sync. */
export async function copyDurably(from: string, to: string): Promise<FileSum> {
  const draft = `${to}.partial`;
  // Opened first: a file that is removed while it is read stays whole.
  const source = await open(from, "r");
  try {
    const target = await open(draft, "w", 0o600);
    try {
      const sum = await copyAll(source, target);
      await target.sync();
      await rename(draft, to);
      return sum;
    } finally {
      await target.close();
    }
  } finally {
    await source.close();
  }
}

async function copyAll(source: FileHandle, target: FileHandle): Promise<FileSum> {
  const hash = createHash("sha256");
  const buffer = Buffer.allocUnsafe(COPIED_BYTES_PER_READ);
  for (let bytes = 0; ; ) {
    const { bytesRead } = await source.read(buffer, 0, buffer.byteLength, bytes);
    if (bytesRead === 0) {
      return { bytes, sha256: hash.digest("hex") };
    }
    const piece = buffer.subarray(0, bytesRead);
    hash.update(piece);
    await target.writeFile(piece);
    bytes += bytesRead;
  }
}

/** Gives a file a second name; a copy, where the file system has no such names or it is another one. */
export async function linkDurably(from: string, to: string): Promise<FileSum> {
  try {
    await rm(to, { force: true });
    await link(from, to);
  } catch (error) {
    if (codeOf(error) === "ENOENT") {
      throw error;
    }
    return copyDurably(from, to);
  }
  return sumOf(to);
}

/** Writes a small file whole or not at all. */
export async function writeDurably(path: string, text: string): Promise<void> {
  const draft = `${path}.partial`;
  const file = await open(draft, "w", 0o600);
  try {
    await file.writeFile(text);
    await file.sync();
  } finally {
    await file.close();
  }
  await rename(draft, path);
}

/** Makes durable what a file holds, or what a directory lists. */
export async function syncPath(path: string): Promise<void> {
  const handle = await open(path, constants.O_RDONLY);
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

export function codeOf(error: unknown): unknown {
  return error instanceof Error && "code" in error ? error.code : undefined;
}
