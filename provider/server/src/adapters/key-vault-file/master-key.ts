import { randomBytes } from "node:crypto";
import { link, mkdir, open, readFile, unlink } from "node:fs/promises";
import { dirname } from "node:path";

const MASTER_KEY_BYTES = 32;
const EXPECTED = `expected ${MASTER_KEY_BYTES} random bytes in base64 (44 characters), as "openssl rand -base64 32" prints them`;

/**
 * Reads a master key in base64.
 * @param origin what to call it in an error: a setting or a file, never the key itself
 * @throws Error saying what is wrong and what would be right
 */
export function parseMasterKey(text: string, origin: string): Uint8Array {
  const trimmed = text.trim();
  if (trimmed === "") {
    throw new Error(`the master key in ${origin} is empty; ${EXPECTED}`);
  }
  if (!/^[A-Za-z0-9+/]+={0,2}$/.test(trimmed)) {
    throw new Error(`the master key in ${origin} is not base64; ${EXPECTED}`);
  }
  const key = Buffer.from(trimmed, "base64");
  if (key.byteLength !== MASTER_KEY_BYTES) {
    throw new Error(`the master key in ${origin} has ${key.byteLength} bytes; ${EXPECTED}`);
  }
  return key;
}

/**
 * Reads the master key from a file; where there is none, makes one, readable by its owner alone. Of processes that start at the same
 * time, all get the same key:
 *
 *   write a key to a name of our own, and sync it
 *   link it to `path`, which fails where `path` exists: then somebody else was first
 *   read `path`, whosever it is
 *
 * A crash in between leaves a file that nobody reads.
 */
export async function readOrCreateMasterKey(path: string): Promise<Uint8Array> {
  const origin = `the file ${path}`;
  const existing = await readIfPresent(path);
  if (existing !== undefined) {
    return parseMasterKey(existing, origin);
  }
  await mkdir(dirname(path), { recursive: true, mode: 0o700 });
  const draft = `${path}.${randomBytes(8).toString("hex")}`;
  try {
    await writeDurably(draft, `${randomBytes(MASTER_KEY_BYTES).toString("base64")}\n`);
    await link(draft, path).catch(ignoreExisting);
  } finally {
    await unlink(draft).catch(() => {});
  }
  await syncDirectory(dirname(path));
  return parseMasterKey(await readFile(path, "utf8"), origin);
}

async function readIfPresent(path: string): Promise<string | undefined> {
  try {
    return await readFile(path, "utf8");
  } catch (error) {
    if (codeOf(error) === "ENOENT") {
      return undefined;
    }
    throw new Error(`the master key cannot be read from ${path}`, { cause: error });
  }
}

async function writeDurably(path: string, text: string): Promise<void> {
  const file = await open(path, "wx", 0o600);
  try {
    await file.writeFile(text);
    await file.sync();
  } finally {
    await file.close();
  }
}

async function syncDirectory(path: string): Promise<void> {
  const directory = await open(path, "r");
  try {
    await directory.sync();
  } finally {
    await directory.close();
  }
}

function ignoreExisting(error: unknown): void {
  if (codeOf(error) !== "EEXIST") {
    throw error;
  }
}

function codeOf(error: unknown): unknown {
  return error instanceof Error && "code" in error ? error.code : undefined;
}
