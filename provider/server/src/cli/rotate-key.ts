import { z } from "zod";
import { rotate } from "../compose/rotation.ts";
import type { Command } from "./command.ts";
import { configWith, DATA_DIR } from "./data-dir-option.ts";
import { operatorOf } from "./operator.ts";

export const ROTATE_KEY: Command = {
  name: "rotate-key",
  summary: "Exchanges the master key; the server must be stopped.",
  description: `Wraps every registry's key, and the installation's secrets, with a new master key.
Content is not rewritten, so this takes moments, and tokens stay valid. It refuses
to run beside a server. Whatever cuts it short, run it again to finish it; until
then both keys are at hand, and a server starts with the one that fits.

Without --new-key-file the new key is generated into the data directory. Where a
setting names the master key, --new-key-file is required; set the setting to the
new key afterwards. Backups from before need the old key: keep it with them.`,
  options: [
    {
      name: "new-key-file",
      placeholder: "file",
      meaning: "The new key: 32 bytes in base64. With a setting, generated if absent.",
      schema: z.string().min(1, "--new-key-file: expected a file"),
      isOptional: true,
    },
    DATA_DIR,
  ],
  async run(given, surroundings) {
    const rotation = await rotate(
      configWith(given, surroundings),
      given.find("new-key-file"),
      operatorOf(this.name, surroundings),
    );
    surroundings.print(`old key: ${rotation.oldKeyId}`);
    surroundings.print(`new key: ${rotation.newKeyId}`);
    surroundings.print(`keys: ${rotation.keys} (${rotation.rotatedBefore} had it already)`);
    surroundings.print(`the new key is in: ${rotation.newKeyFile}`);
    surroundings.note(
      rotation.oldKeyFile === undefined
        ? `Set MOORAGE_MASTER_KEY_FILE to ${rotation.newKeyFile} before the server starts. Backups from before need the old key.`
        : `The old key is in ${rotation.oldKeyFile}: backups from before need it. Keep it with them, and remove it from here.`,
    );
  },
};
