import { z } from "zod";
import { restoreBackup } from "../compose/backup.ts";
import { OperationError } from "../domain/operation-error.ts";
import type { Command } from "./command.ts";
import { configWith, DATA_DIR } from "./data-dir-option.ts";
import { operatorOf } from "./operator.ts";

export const RESTORE: Command = {
  name: "restore",
  summary: "Makes a data directory from a backup.",
  description: `The data directory must be empty, or not there. Every file is compared with its
checksum as it is copied; damage ends the restore with 1. A restore that is cut
short leaves a directory that no server starts on; run it again, which starts it
over. Then put the master key into its place, if the backup does not have it,
start the server, and run "moorage verify".`,
  options: [
    {
      name: "from",
      placeholder: "directory",
      meaning: "One backup, or the directory of them, of which the newest is taken.",
      schema: z.string().min(1, "--from: expected a directory"),
    },
    DATA_DIR,
  ],
  async run(given, surroundings) {
    const config = configWith(given, surroundings);
    const { dataDir } = config;
    const restored = await restoreBackup(
      given.valueOf("from"),
      dataDir,
      operatorOf(this.name, surroundings),
    );
    surroundings.print(`restored: ${restored.path}`);
    surroundings.print(`taken at: ${restored.takenAt}`);
    surroundings.print(`blobs: ${restored.blobs}`);
    surroundings.print(`data directory: ${dataDir}`);
    if (!restored.hasMasterKey && config.masterKey === undefined) {
      surroundings.note(
        `The backup has no master key: put it into ${dataDir}/master-key (0600), or set MOORAGE_MASTER_KEY_FILE.`,
      );
    }
    if (restored.unaudited !== undefined) {
      surroundings.note(`The audit log does not tell of this restore: ${restored.unaudited}`);
    }
    if (restored.missingBlobs > 0) {
      throw new OperationError(
        `all was restored that the backup has; ${restored.missingBlobs} blobs were lost when it was made, and "moorage verify" names them`,
        { isInPart: true },
      );
    }
  },
};
