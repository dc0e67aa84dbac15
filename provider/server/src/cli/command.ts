import type { z } from "zod";

/** One command of the server's program. Each is a file of its own, and stands in the list of `run-command.ts`. */
export interface Command {
  /** As it is typed: `organization create`. */
  readonly name: string;
  /** What it does, in a line. */
  readonly summary: string;
  /** What there is to know besides, in lines of up to 80 characters. */
  readonly description?: string;
  /** All of them are required. */
  readonly options: readonly CommandOption[];
  /** @throws RegistryError, ConfigError */
  run(given: GivenOptions, surroundings: Surroundings): Promise<void>;
}

export interface CommandOption {
  /** Without its dashes. */
  readonly name: string;
  /** What stands for its value in the help: `address`. */
  readonly placeholder: string;
  readonly meaning: string;
  readonly schema: z.ZodType<string>;
}

/** The options' values, parsed by their schemas. */
export interface GivenOptions {
  valueOf(name: string): string;
}

/** What a command has to do with the world. */
export interface Surroundings {
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** A line on the standard output: what was asked for. */
  print(line: string): void;
  /** A line on the standard error output: what there is to tell besides. */
  note(line: string): void;
}

/** What a command could not do, or found wrong: a sentence for the operator. */
export class CommandError extends Error {
  override readonly name = "CommandError";
}

/** A command line that cannot be understood; the message says what would be right. */
export class UsageError extends Error {
  override readonly name = "UsageError";
}
