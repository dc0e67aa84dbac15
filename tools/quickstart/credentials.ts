import { readFile } from "node:fs/promises";
import path from "node:path";
import { Problem } from "../problem.ts";
import { shown } from "../repository.ts";
import { tryCredentials } from "./probe.ts";
import type { Settings } from "./settings.ts";

export interface Credentials {
  readonly username: string;
  readonly password: string;
}

/** The owner's credentials, from the environment or from where the server wrote them, tried out. */
export async function findCredentials(
  settings: Settings,
  environment: NodeJS.ProcessEnv,
): Promise<Credentials> {
  const username = environment["MOORAGE_USERNAME"] || (await ownerName(settings, environment));
  const password = environment["MOORAGE_PASSWORD"] || (await ownerPassword(settings, environment));
  if (!username || !password) throw unknownCredentials(settings);
  const admission = await tryCredentials(settings.endpoint, username, password);
  if (admission === "foreign")
    throw new Problem(`what answers at ${settings.endpoint} is not Moorage`);
  if (admission === "refused") {
    throw new Problem(
      `the server at ${settings.endpoint} refuses ${username}: set MOORAGE_USERNAME and MOORAGE_PASSWORD to credentials that it knows`,
    );
  }
  return { username, password };
}

function unknownCredentials({ endpoint, dataFolder, isForeign }: Settings): Problem {
  const both = "set MOORAGE_USERNAME and MOORAGE_PASSWORD";
  return new Problem(
    isForeign
      ? `${both} for the server at ${endpoint}, which MOORAGE_ENDPOINT names`
      : `the server at ${endpoint} does not use ${shown(dataFolder)}: ${both} for it, or MOORAGE_LISTEN to another address to have a new one`,
  );
}

async function ownerName(
  settings: Settings,
  environment: NodeJS.ProcessEnv,
): Promise<string | undefined> {
  return environment["MOORAGE_ADMIN_EMAIL"] || readGenerated(settings, "admin-email");
}

async function ownerPassword(
  settings: Settings,
  environment: NodeJS.ProcessEnv,
): Promise<string | undefined> {
  const file = environment["MOORAGE_ADMIN_PASSWORD_FILE"];
  return (
    environment["MOORAGE_ADMIN_PASSWORD"] ||
    (file ? readLine(file) : readGenerated(settings, "admin-password"))
  );
}

/** What the server of this data directory made up must not be sent to any other server. */
async function readGenerated(settings: Settings, name: string): Promise<string | undefined> {
  return settings.isForeign ? undefined : readLine(path.join(settings.dataFolder, name));
}

async function readLine(file: string): Promise<string | undefined> {
  const text = await readFile(file, "utf8").catch(() => undefined);
  return text?.trimEnd();
}
