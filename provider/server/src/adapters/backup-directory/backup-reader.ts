import { mkdir, readdir, readFile, rm } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { OperationError } from "../../domain/operation-error.ts";
import {
  ABOUT,
  type AboutBackup,
  BLOBS,
  backupNames,
  blobPath,
  MASTER_KEY,
  METADATA,
  PARTIAL,
  readAbout,
  readBlobs,
} from "./backup-layout.ts";
import {
  codeOf,
  copyDurably,
  type FileSum,
  sumOf,
  syncPath,
  writeDurably,
} from "./durable-copy.ts";

/** A file that lies in a directory that is being restored, from the first step until all is there. */
export const UNFINISHED_RESTORE = "restore-is-not-finished";

/** One backup of a directory of backups. */
export class BackupReader {
  readonly path: string;
  readonly about: AboutBackup;

  private constructor(path: string, about: AboutBackup) {
    this.path = path;
    this.about = about;
  }

  /**
   * `path`: one backup, or a directory of them, of which the newest is taken.
   * @throws OperationError
   */
  static async open(path: string): Promise<BackupReader> {
    const names = await namesIn(path);
    if (names === undefined) {
      throw new OperationError(
        `there is no directory ${path}; expected one that "moorage backup" has filled`,
      );
    }
    if (basename(path).endsWith(".partial")) {
      throw new OperationError(
        `${path} is a backup that did not finish; take one without ".partial"`,
      );
    }
    const newest = names.includes(ABOUT) ? undefined : (await backupNames(path)).at(-1);
    const backup = newest === undefined ? path : join(path, newest);
    return new BackupReader(backup, await readAbout(backup));
  }

  get blobDirectory(): string {
    return join(dirname(this.path), BLOBS);
  }

  get metadataFile(): string {
    return join(this.path, METADATA);
  }

  /** The master key's text, where the backup has it. */
  async masterKey(): Promise<string | undefined> {
    return this.about.hasMasterKey
      ? (await readFile(join(this.path, MASTER_KEY), "utf8")).trim()
      : undefined;
  }

  /** What is not as it was when the backup was made; the bytes are compared as they are, sealed. */
  async *damage(): AsyncIterableIterator<string> {
    const { metadata } = this.about;
    const path = this.metadataFile;
    const problem = await differing(path, metadata, () => sumOf(path));
    if (problem !== undefined) {
      yield problem;
    }
    if (this.about.missingBlobs > 0) {
      yield `${this.path} has no bytes of ${this.about.missingBlobs} blobs: they were lost when it was made`;
    }
    for (const blob of await readBlobs(this.path, this.about)) {
      const file = blobPath(dirname(this.path), blob);
      const wrong = await differing(file, blob, () => sumOf(file));
      if (wrong !== undefined) {
        yield wrong;
      }
    }
  }

  /**
   * Fills an empty directory, or one where a restore was cut short. The database comes last, and a mark that no server starts beside
   * goes after it. `beforeTheEnd` may still write to the database.
   * @throws OperationError
   */
  async restoreTo(dataDir: string, beforeTheEnd: () => Promise<void>): Promise<void> {
    await expectEmpty(dataDir);
    const mark = join(dataDir, UNFINISHED_RESTORE);
    await mkdir(dataDir, { recursive: true, mode: 0o700 });
    await writeDurably(mark, `a restore from ${this.path} has begun\n`);
    await syncPath(dataDir);
    const touched = new Set([join(dataDir, BLOBS), dataDir]);
    await mkdir(join(dataDir, BLOBS), { recursive: true, mode: 0o700 });
    for (const blob of await readBlobs(this.path, this.about)) {
      const to = blobPath(dataDir, blob);
      await mkdir(dirname(to), { recursive: true, mode: 0o700 });
      await copyWhole(blobPath(dirname(this.path), blob), to, blob);
      touched.add(dirname(to)).add(dirname(dirname(to)));
    }
    const masterKey = await this.masterKey();
    if (masterKey !== undefined) {
      await writeDurably(join(dataDir, MASTER_KEY), `${masterKey}\n`);
    }
    await copyWhole(this.metadataFile, join(dataDir, METADATA), this.about.metadata);
    await beforeTheEnd();
    for (const directory of touched) {
      await syncPath(directory);
    }
    await rm(mark);
    await syncPath(dataDir);
    await syncPath(dirname(dataDir)).catch(() => {});
  }
}

async function expectEmpty(dataDir: string): Promise<void> {
  const names = (await namesIn(dataDir)) ?? [];
  if (names.includes(UNFINISHED_RESTORE)) {
    await rm(join(dataDir, BLOBS), { recursive: true, force: true });
    return;
  }
  // The first is there from the start in a file system of its own, the second where a restore was cut short over its mark.
  const harmless = ["lost+found", `${UNFINISHED_RESTORE}${PARTIAL}`];
  const [name] = names.filter((each) => !harmless.includes(each));
  if (name !== undefined) {
    throw new OperationError(
      `${dataDir} is not empty (it has ${JSON.stringify(name)}); restore into a directory that is empty, or not there yet`,
    );
  }
}

async function copyWhole(from: string, to: string, expected: FileSum): Promise<void> {
  const problem = await differing(from, expected, () => copyDurably(from, to));
  if (problem !== undefined) {
    throw new OperationError(
      `the backup is damaged: ${problem}; what was restored so far is marked as unfinished, and no server starts on it`,
    );
  }
}

/** Says how a file differs from what it was when the backup was made; `look` reads it. */
async function differing(
  path: string,
  expected: FileSum,
  look: () => Promise<FileSum>,
): Promise<string | undefined> {
  try {
    const { bytes, sha256 } = await look();
    if (bytes !== expected.bytes) {
      return `${path} has ${bytes} bytes instead of ${expected.bytes}`;
    }
    return sha256 === expected.sha256 ? undefined : `${path} was altered`;
  } catch (error) {
    if (codeOf(error) === "ENOENT") {
      return `${path} is missing`;
    }
    throw error;
  }
}

async function namesIn(directory: string): Promise<readonly string[] | undefined> {
  try {
    return await readdir(directory);
  } catch (error) {
    if (codeOf(error) === "ENOENT") {
      return undefined;
    }
    throw error;
  }
}
