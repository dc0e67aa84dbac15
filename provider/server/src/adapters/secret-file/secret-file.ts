import { randomBytes } from "node:crypto";
import { link, open, readFile, unlink } from "node:fs/promises";
import { dirname } from "node:path";

/**
 * Reads a one-line secret from a file; where there is none, makes one, readable by its owner alone. Of processes that start at the same
 * time, all get the same secret:
 *
 *   write a secret to a name of our own, and sync it
 *   link it to `path`, which fails where `path` exists: then somebody else was first
 *   read `path`, whosever it is
 *
 * A crash in between leaves a file that nobody reads.
 */
export async function readOrCreateSecretFile(path: string, make: () => string): Promise<string> {
  const existing = await readSecretFile(path);
  if (existing !== undefined) {
    return existing;
  }
  const draft = `${path}.${randomBytes(8).toString("hex")}`;
  await writeDurably(draft, `${make()}\n`);
  try {
    await link(draft, path).catch(ignoreExisting);
  } finally {
    await unlink(draft);
  }
  await syncDirectory(dirname(path));
  return (await readFile(path, "utf8")).trim();
}

/** A secret that is there; `undefined`: there is none. */
export async function readSecretFile(path: string): Promise<string | undefined> {
  try {
    return (await readFile(path, "utf8")).trim();
  } catch (error) {
    if (codeOf(error) === "ENOENT") {
      return undefined;
    }
    throw new Error(`the secret file ${path} cannot be read`, { cause: error });
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
