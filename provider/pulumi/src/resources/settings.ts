import { apiBase } from "@moorage/core/client/endpoint";
import { z } from "zod";
import { ResourceError } from "./resource.ts";

/** Which server to talk to, and as whom. */
export interface Settings {
  readonly endpoint: string;
  readonly username: string;
  readonly password: string;
}

/** The settings as a program gives them. */
export const settingsInputs = z.object({
  endpoint: z
    .string()
    .optional()
    .describe(
      "Address of the server, with or without `/containerregistries`; no credentials in it. Left out, the variable `MOORAGE_ENDPOINT`.",
    ),
  username: z
    .string()
    .optional()
    .describe(
      "A user of the organization: an e-mail address. Left out, the variable `MOORAGE_USERNAME`.",
    ),
  password: z
    .string()
    .optional()
    .describe("That user's password; secret. Left out, the variable `MOORAGE_PASSWORD`."),
});
export const SECRET_SETTINGS: readonly string[] = ["password"];

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

/** What is wrong with an endpoint; undefined: nothing. */
export function endpointRefusal(endpoint: string): string | undefined {
  try {
    apiBase(endpoint);
    return undefined;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}
