import { existsSync } from "node:fs";
import type { Context } from "../app/context.ts";
import { compose } from "../compose.ts";
import { ConfigError } from "../config/config-error.ts";
import type { GivenOptions, Surroundings } from "./command.ts";
import { configWith } from "./data-dir-option.ts";

/**
 * Lets `work` use the installation that the settings name; a server may run on it at the same time. A data directory that is not there
 * is not made: a command that was started in the wrong folder must not seem to work.
 * @throws ConfigError
 */
export async function withInstallation(
  given: GivenOptions,
  surroundings: Surroundings,
  work: (context: Context) => Promise<void>,
): Promise<void> {
  const config = configWith(given, surroundings);
  if (!existsSync(config.dataDir)) {
    throw new ConfigError(
      `MOORAGE_DATA_DIR: ${config.dataDir} does not exist; expected the data directory of a server, which its first start makes`,
    );
  }
  // The log is the server's; what a command has to say, it prints.
  const { context, ownerNotice, close } = await compose({ ...config, logLevel: "silent" });
  try {
    if (ownerNotice !== undefined) {
      const where = ownerNotice.passwordFile ?? "MOORAGE_ADMIN_PASSWORD";
      surroundings.note(
        `This was the first start: the owner is ${ownerNotice.email}, with the password of ${where}.`,
      );
    }
    await work(context);
  } finally {
    await close();
  }
}
