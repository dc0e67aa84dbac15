import { readFileSync } from "node:fs";
import { ConfigError } from "./config-error.ts";

export type Environment = Readonly<Record<string, string | undefined>>;

/** The environment with the content of `…_FILE` in place of each such variable. An empty variable counts as one that is not set. */
export function withSecretFiles(environment: Environment, secrets: readonly string[]): Environment {
  const given = Object.entries(environment).filter(([, value]) => value !== "");
  const settings: Record<string, string | undefined> = Object.fromEntries(given);
  for (const name of secrets) {
    const file = settings[`${name}_FILE`];
    if (file === undefined) {
      continue;
    }
    if (settings[name] !== undefined) {
      throw new ConfigError(`${name}: set either ${name} or ${name}_FILE, not both`);
    }
    settings[name] = readSecret(name, file);
  }
  return settings;
}

function readSecret(name: string, file: string): string {
  try {
    return readFileSync(file, "utf8").trim();
  } catch (cause) {
    throw new ConfigError(`${name}_FILE: cannot read ${JSON.stringify(file)}`, { cause });
  }
}
