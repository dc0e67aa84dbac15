import { ConfigError } from "../config/config-error.ts";
import { RegistryError } from "../domain/errors.ts";
import { OperationError } from "../domain/operation-error.ts";
import { BACKUP } from "./backup.ts";
import { type Command, type Surroundings, UsageError } from "./command.ts";
import { parseCommandLine } from "./command-line.ts";
import { HEALTHCHECK } from "./healthcheck.ts";
import { helpOnCommand, helpOnProgram } from "./help.ts";
import { ORGANIZATION_CREATE } from "./organization-create.ts";
import { ORGANIZATION_LIST } from "./organization-list.ts";
import { RENDER } from "./render.ts";
import { RESTORE } from "./restore.ts";
import { ROTATE_KEY } from "./rotate-key.ts";
import { SERVE } from "./serve.ts";
import { USER_RESET_PASSWORD } from "./user-reset-password.ts";
import { VERIFY } from "./verify.ts";
import { readVersion } from "./version.ts";

/** Every command, in the order of the help. */
export const COMMANDS: readonly Command[] = [
  SERVE,
  BACKUP,
  RESTORE,
  VERIFY,
  ROTATE_KEY,
  HEALTHCHECK,
  ORGANIZATION_CREATE,
  ORGANIZATION_LIST,
  RENDER,
  USER_RESET_PASSWORD,
];

const DONE = 0;
const FAILED = 1;
const MISUNDERSTOOD = 2;
const DONE_IN_PART = 3;

/** Runs what the command line asks for, and returns the exit code. Failures are told as sentences; only a fault of ours with its stack. */
export async function runCommand(
  args: readonly string[],
  surroundings: Surroundings,
): Promise<number> {
  try {
    const line = parseCommandLine(COMMANDS, args);
    if (line.kind === "version") {
      surroundings.print(`moorage ${readVersion()}`);
    } else if (line.kind === "help") {
      const { about } = line;
      surroundings.print(about === undefined ? helpOnProgram(COMMANDS) : helpOnCommand(about));
    } else {
      await line.command.run(line.given, surroundings);
    }
    return DONE;
  } catch (error) {
    surroundings.note(`moorage: ${explain(error)}`);
    return codeOf(error);
  }
}

function codeOf(error: unknown): number {
  if (error instanceof UsageError) {
    return MISUNDERSTOOD;
  }
  return error instanceof OperationError && error.isInPart ? DONE_IN_PART : FAILED;
}

function explain(error: unknown): string {
  if (error instanceof UsageError) {
    return error.command === undefined
      ? `${error.message}\n"moorage --help" lists the commands`
      : `${error.message}\n"moorage ${error.command} --help" lists its options`;
  }
  if (ConfigError.is(error)) {
    return `the settings are not right\n${error.message}`;
  }
  if (error instanceof RegistryError || OperationError.is(error)) {
    return error.message;
  }
  if (error instanceof Error && "errcode" in error) {
    return `the database cannot be used: ${error.message}`;
  }
  // What the system refuses: the message names the call and the path.
  if (error instanceof Error && "syscall" in error) {
    return error.message;
  }
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}
