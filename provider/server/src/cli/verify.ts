import { z } from "zod";
import { verifyBackup, verifyDataDir } from "../compose/verification.ts";
import { OperationError } from "../domain/operation-error.ts";
import { type Command, type Surroundings, UsageError } from "./command.ts";
import { configWith, DATA_DIR } from "./data-dir-option.ts";

export const VERIFY: Command = {
  name: "verify",
  summary: "Reads all content and tells what is damaged or missing.",
  description: `Every blob is read, opened and hashed again, every manifest too, every reference
is looked up, and the database checks itself. Prints a line for each problem,
with registry, repository and digest, and exits with 1 if there are any. A blob
that is damaged is noted as such: clients are told that it is not there, and
the next push of it takes its place. Changes nothing else. Works while a
server runs, and reads as fast as the disk: mind the load. Of a backup,
the files are compared with their checksums; the content is read too where the
master key is in it or set.`,
  options: [
    DATA_DIR,
    {
      name: "backup",
      placeholder: "directory",
      meaning: "Verify this backup, or the newest of a directory of them, instead.",
      schema: z.string().min(1, "--backup: expected a directory"),
      isOptional: true,
    },
  ],
  async run(given, surroundings) {
    const backup = given.find("backup");
    if (backup !== undefined && given.find("data-dir") !== undefined) {
      throw new UsageError("give either --data-dir or --backup, not both");
    }
    const config = configWith(given, surroundings);
    const tell = (problem: string) => surroundings.print(`problem: ${problem}`);
    if (backup === undefined) {
      report(await verifyDataDir(config, tell), surroundings);
      return;
    }
    const { path, files, content } = await verifyBackup(config, backup, tell);
    surroundings.print(`backup: ${path}`);
    if (content === undefined) {
      surroundings.note("The files were compared with their checksums; the content was not read.");
    }
    report(content ?? { ...files, manifests: undefined, orphans: 0 }, surroundings);
  },
};

interface Counts {
  readonly blobs: number;
  readonly blobBytes: number;
  readonly manifests: number | undefined;
  readonly orphans: number;
  readonly problems: number;
}

function report(counts: Counts, { print }: Surroundings): void {
  print(`blobs: ${counts.blobs}, ${counts.blobBytes} bytes`);
  if (counts.manifests !== undefined) {
    print(`manifests: ${counts.manifests}`);
  }
  if (counts.orphans > 0) {
    print(`files that nothing names: ${counts.orphans} (harmless; the server removes them)`);
  }
  print(`problems: ${counts.problems}`);
  if (counts.problems > 0) {
    throw new OperationError(
      "there is damage; restore what is missing from a backup, or push it again",
    );
  }
}
