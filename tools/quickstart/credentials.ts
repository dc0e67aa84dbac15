import { readFile } from "node:fs/promises";
import path from "node:path";
import { Problem } from "../problem.ts";
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
  const username = environment["MOORAGE_USERNAME"] || (await findUsername(settings, environment));
  const password = environment["MOORAGE_PASSWORD"] || (await findPassword(settings, environment));
  if (!username || !password) {
    throw new Problem(
      `the server at ${settings.endpoint} does not use ${settings.dataFolder}: set MOORAGE_USERNAME and MOORAGE_PASSWORD for it, or MOORAGE_LISTEN to another address to have a new one`,
    );
  }
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

async function findUsername(
  settings: Settings,
  environment: NodeJS.ProcessEnv,
): Promise<string | undefined> {
  return (
    environment["MOORAGE_ADMIN_EMAIL"] || readLine(path.join(settings.dataFolder, "admin-email"))
  );
}

async function findPassword(
  settings: Settings,
  environment: NodeJS.ProcessEnv,
): Promise<string | undefined> {
  const file = environment["MOORAGE_ADMIN_PASSWORD_FILE"];
  return (
    environment["MOORAGE_ADMIN_PASSWORD"] ||
    readLine(file || path.join(settings.dataFolder, "admin-password"))
  );
}

async function readLine(file: string): Promise<string | undefined> {
  const text = await readFile(file, "utf8").catch(() => undefined);
  return text?.trimEnd();
}
