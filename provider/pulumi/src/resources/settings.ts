import { apiBase } from "@moorage/core/client/endpoint";
import { ResourceError } from "./resource.ts";

/** Which server to talk to, and as whom. */
export interface Settings {
  readonly endpoint: string;
  readonly username: string;
  readonly password: string;
}

/** Looks up a text by name; undefined where there is none. */
export type Lookup = (name: string) => string | undefined;

/**
 * The current settings: the stack's configuration (`moorage:endpoint`) wins over the environment
 * (`MOORAGE_ENDPOINT`).
 */
export function currentSettings(configuration: Lookup, environment: Lookup): Settings {
  const setting = (name: "endpoint" | "username" | "password"): string => {
    const variable = `MOORAGE_${name.toUpperCase()}`;
    const value = configuration(`moorage:${name}`) || environment(variable);
    if (value) return value;
    const secret = name === "password" ? "--secret " : "";
    throw new ResourceError(
      `the ${name} of the Moorage server is not set: run \`pulumi config set ${secret}moorage:${name} …\` or set ${variable}`,
    );
  };
  const settings = {
    endpoint: setting("endpoint"),
    username: setting("username"),
    password: setting("password"),
  };
  apiBase(settings.endpoint);
  return settings;
}
