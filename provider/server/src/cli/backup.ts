import { z } from "zod";
import { type TakenBackup, takeBackup } from "../compose/backup.ts";
import { OperationError } from "../domain/operation-error.ts";
import type { Command, Surroundings } from "./command.ts";
import { configWith, DATA_DIR } from "./data-dir-option.ts";
import { operatorOf } from "./operator.ts";

export const BACKUP: Command = {
  name: "backup",
  summary: "Copies metadata and blobs to another directory, also while a server runs.",
  description: `Each run adds a backup of its own, a directory named after the time, and copies
only the blobs that are not there yet. Everything that was pushed before it began
is in it. A backup that is cut short is named ".partial", counts for nothing, and
goes with the next run.

Blobs whose bytes are lost do not stop it: the backup has all else, a "missing:"
line names each of them, --keep removes nothing, and the exit code is 3.

Content stays sealed: WITHOUT THE MASTER KEY A BACKUP IS UNREADABLE, FOR YOU TOO.
Keep a copy of the key apart from the backups, or put it into each of them with
--with-master-key and protect them like the key itself.`,
  options: [
    {
      name: "to",
      placeholder: "directory",
      meaning: "Where the backups are; made, if need be.",
      schema: z.string().min(1, "--to: expected a directory"),
    },
    DATA_DIR,
    {
      name: "with-master-key",
      meaning: "The backup contains the master key: whoever has it can read everything.",
      isFlag: true,
    },
    {
      name: "keep",
      placeholder: "number",
      meaning: "Then remove all but the newest backups, this one included.",
      schema: z.string().regex(/^[1-9]\d{0,5}$/, "--keep: expected a number from 1 on"),
      isOptional: true,
    },
    {
      name: "hard-links",
      meaning: "Blobs share the disk's space with the originals, and their damage.",
      isFlag: true,
    },
  ],
  async run(given, surroundings) {
    const keep = given.find("keep");
    const withMasterKey = given.has("with-master-key");
    const taken = await takeBackup(
      configWith(given, surroundings),
      given.valueOf("to"),
      {
        withMasterKey,
        usesHardLinks: given.has("hard-links"),
        keep: keep === undefined ? undefined : Number(keep),
      },
      operatorOf(this.name, surroundings),
    );
    surroundings.print(`backup: ${taken.path}`);
    surroundings.print(`blobs: ${taken.blobs} (${taken.newBlobs} new), ${taken.blobBytes} bytes`);
    if (taken.removed > 0) {
      surroundings.print(`removed: ${taken.removed} older`);
    }
    surroundings.print(
      `master key: ${taken.masterKeyId} (${withMasterKey ? "in the backup" : "not in the backup"})`,
    );
    if (!withMasterKey) {
      surroundings.note(
        "Without its master key this backup is unreadable: keep the key, apart from it.",
      );
    }
    if (taken.unaudited !== undefined) {
      surroundings.note(`The audit log does not tell of this backup: ${taken.unaudited}`);
    }
    expectWhole(taken.missing, keep, surroundings);
  },
};

/** Of a whole directory that was lost, some names are as good as all. */
const MISSING_NAMED_MAX = 1000;

function expectWhole(
  missing: TakenBackup["missing"],
  keep: string | undefined,
  { print }: Surroundings,
): void {
  for (const { registryName, digest, key } of missing.slice(0, MISSING_NAMED_MAX)) {
    print(`missing: registry ${registryName}: blob ${digest} (file ${key})`);
  }
  if (missing.length === 0) {
    return;
  }
  const kept = keep === undefined ? "" : "; no older backup was removed";
  throw new OperationError(
    `the backup is whole but for ${missing.length} blobs, whose bytes are not there${kept}; push them again, or restore them, and see what "moorage verify" finds`,
    { isInPart: true },
  );
}
