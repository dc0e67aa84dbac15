import type { MessagePort } from "node:worker_threads";
import { answerWrites } from "../adapters/metadata-relayed/metadata-writer.ts";
import { SqliteMetadataStore } from "../adapters/metadata-sqlite/sqlite-metadata-store.ts";
import type { Config } from "../config.ts";
import type { Meter } from "../ports/meter.ts";
import { databaseFile, shareDataDir } from "./storage.ts";

/** Writes to the database for all workers of this process. */
export interface Writer {
  /** Carries out what the worker at the other end sends. */
  answer(port: MessagePort): void;
  /** To be called when no worker is left. */
  close(): Promise<void>;
}

/** The schema is up to date: a worker has seen to it. `commits` is what the workers share. */
export async function openWriter(
  config: Config,
  commits: Int32Array,
  meter: Meter | undefined,
): Promise<Writer> {
  const lock = shareDataDir(config.dataDir);
  try {
    const stored = await SqliteMetadataStore.open(databaseFile(config.dataDir), commits, meter);
    return {
      answer: (port) => answerWrites(port, stored),
      async close() {
        await stored.close();
        lock.release();
      },
    };
  } catch (error) {
    lock.release();
    throw error;
  }
}
