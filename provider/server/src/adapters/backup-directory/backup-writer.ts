import { mkdir, readdir, rename, rm, stat } from "node:fs/promises";
import { dirname, join } from "node:path";
import { OperationError } from "../../domain/operation-error.ts";
import type {
  BackupArchive,
  BackupSummary,
  NamedBlob,
  StoredBlob,
} from "../../ports/backup-archive.ts";
import {
  ABOUT,
  BLOB_LIST,
  BLOBS,
  backupNames,
  blobPath,
  formatAbout,
  formatBlob,
  MASTER_KEY,
  METADATA,
  nameOfBackup,
  PARTIAL,
  readAbout,
  readBlobs,
  type SummedBlob,
} from "./backup-layout.ts";
import {
  codeOf,
  copyDurably,
  type FileSum,
  linkDurably,
  sumOf,
  syncPath,
  writeDurably,
} from "./durable-copy.ts";

export interface BackupSource {
  readonly dataDir: string;
  /** Copies the metadata into a file, and returns the blobs that it names. */
  readonly copyMetadata: (to: string) => readonly NamedBlob[];
  /** The master key's text, where it is to be part of the backup. */
  readonly masterKey: string | undefined;
  /** Blobs get a second name instead of a copy, where that can be. */
  readonly usesHardLinks: boolean;
}

/** Takes a backup into a directory; `backup-layout.ts` draws it. Nobody else may work in the directory meanwhile. */
export class BackupWriter implements BackupArchive {
  readonly #target: string;
  readonly #source: BackupSource;
  readonly #takenAt: Date;
  /** What the newest backup knows of the blobs that it needs. */
  readonly #known: ReadonlyMap<string, FileSum>;
  readonly #touched = new Set<string>();
  #wanted: ReadonlySet<string> = new Set();
  readonly #taken = new Map<string, SummedBlob>();
  #newBlobs = 0;

  private constructor(
    target: string,
    source: BackupSource,
    takenAt: Date,
    known: ReadonlyMap<string, FileSum>,
  ) {
    this.#target = target;
    this.#source = source;
    this.#takenAt = takenAt;
    this.#known = known;
  }

  /** Removes what backups that did not finish have left. */
  static async open(target: string, source: BackupSource, takenAt: Date): Promise<BackupWriter> {
    for (const name of await readdir(target)) {
      if (name.endsWith(PARTIAL)) {
        await rm(join(target, name), { recursive: true, force: true });
      }
    }
    const newest = (await backupNames(target)).at(-1);
    const blobs =
      newest === undefined
        ? []
        : await readBlobs(join(target, newest), await readAbout(join(target, newest)));
    const known = new Map(blobs.map(({ key, bytes, sha256 }) => [key, { bytes, sha256 }]));
    return new BackupWriter(target, source, takenAt, known);
  }

  async takeMetadata(): Promise<readonly NamedBlob[]> {
    await mkdir(this.#draft, { recursive: true, mode: 0o700 });
    const path = join(this.#draft, METADATA);
    await rm(path, { force: true });
    const blobs = this.#source.copyMetadata(path);
    await syncPath(path);
    this.#wanted = new Set(blobs.map(({ key }) => key));
    return blobs;
  }

  async takeBlob(blob: StoredBlob): Promise<boolean> {
    if (this.#taken.has(blob.key)) {
      return true;
    }
    const to = blobPath(this.#target, blob);
    const there = await sizeOf(to);
    try {
      const sum =
        there === undefined ? await this.#copy(blob, to) : await this.#sum(blob, to, there);
      const { registryId, key } = blob;
      this.#taken.set(key, { registryId, key, ...sum });
      return true;
    } catch (error) {
      if (isLost(error)) {
        return false;
      }
      throw error;
    }
  }

  async finish(missing: readonly NamedBlob[]): Promise<BackupSummary> {
    const blobs = [...this.#taken.values()].filter(({ key }) => this.#wanted.has(key));
    blobs.sort((one, other) => (one.key < other.key ? -1 : 1));
    const draft = this.#draft;
    await writeDurably(join(draft, BLOB_LIST), blobs.map(formatBlob).join(""));
    const { masterKey } = this.#source;
    if (masterKey !== undefined) {
      await writeDurably(join(draft, MASTER_KEY), `${masterKey}\n`);
    }
    const blobBytes = blobs.reduce((sum, { bytes }) => sum + bytes, 0);
    for (const directory of this.#touched) {
      await syncPath(directory);
    }
    const about = formatAbout({
      takenAt: this.#takenAt.toISOString(),
      metadata: await sumOf(join(draft, METADATA)),
      blobList: await sumOf(join(draft, BLOB_LIST)),
      blobs: blobs.length,
      blobBytes,
      hasMasterKey: masterKey !== undefined,
      missingBlobs: missing.length,
    });
    await writeDurably(join(draft, ABOUT), about);
    await syncPath(draft);
    const path = this.#path;
    await rename(draft, path);
    await syncPath(this.#target);
    return { path, missing, blobs: blobs.length, blobBytes, newBlobs: this.#newBlobs };
  }

  async keepNewest(count: number): Promise<number> {
    const names = await backupNames(this.#target);
    const kept = names.slice(-count);
    const needed = new Set<string>();
    for (const name of kept) {
      const backup = join(this.#target, name);
      for (const { key } of await readBlobs(backup, await readAbout(backup))) {
        needed.add(key);
      }
    }
    const old = names.slice(0, -count);
    for (const name of old) {
      const leaving = join(this.#target, `${name}${PARTIAL}`);
      await rename(join(this.#target, name), leaving);
      await syncPath(this.#target);
      await rm(leaving, { recursive: true });
    }
    await this.#removeBlobsBut(needed);
    return old.length;
  }

  get #path(): string {
    return join(this.#target, nameOfBackup(this.#takenAt));
  }

  get #draft(): string {
    return `${this.#path}${PARTIAL}`;
  }

  async #copy(blob: StoredBlob, to: string): Promise<FileSum> {
    const directory = dirname(to);
    await mkdir(directory, { recursive: true, mode: 0o700 });
    const from = blobPath(this.#source.dataDir, blob);
    const sum = await (this.#source.usesHardLinks ? linkDurably : copyDurably)(from, to);
    const parent = dirname(directory);
    for (const touched of [directory, parent, dirname(parent), this.#target]) {
      this.#touched.add(touched);
    }
    this.#newBlobs++;
    return sum;
  }

  /** What is in the archive is whole: files get their names when they are. Its checksum is known, or read. */
  async #sum({ key }: StoredBlob, path: string, bytes: number): Promise<FileSum> {
    // An interrupted backup may have named it without syncing its directory.
    this.#touched.add(dirname(path));
    const known = this.#known.get(key);
    if (known !== undefined && known.bytes !== bytes) {
      throw new OperationError(
        `${path} is damaged: it has ${bytes} bytes, and ${known.bytes} when it was backed up; remove it, and it is copied anew`,
      );
    }
    return known ?? sumOf(path);
  }

  async #removeBlobsBut(needed: ReadonlySet<string>): Promise<void> {
    const all = join(this.#target, BLOBS);
    const entries = await readdir(all, { recursive: true, withFileTypes: true }).catch(() => []);
    for (const entry of entries) {
      if (entry.isFile() && !needed.has(entry.name)) {
        await rm(join(entry.parentPath, entry.name), { force: true });
      }
    }
  }
}

/** Not there, or in a place of the disk that can no longer be read. */
function isLost(error: unknown): boolean {
  return codeOf(error) === "ENOENT" || codeOf(error) === "EIO";
}

async function sizeOf(path: string): Promise<number | undefined> {
  try {
    return (await stat(path)).size;
  } catch (error) {
    if (codeOf(error) === "ENOENT") {
      return undefined;
    }
    throw error;
  }
}
