import type { z } from "zod";

/** One command of the server's program. Each is a file of its own, and stands in the list of `run-command.ts`. */
export interface Command {
  /** As it is typed: `organization create`. */
  readonly name: string;
  /** What it does, in a line. */
  readonly summary: string;
  /** What there is to know besides (what it needs, what it leaves), in lines of up to 80 characters. */
  readonly description?: string;
  readonly options: readonly CommandOption[];
  /** @throws RegistryError, ConfigError, OperationError */
  run(given: GivenOptions, surroundings: Surroundings): Promise<void>;
}

export type CommandOption = ValueOption | Flag;

interface AnyOption {
  /** Without its dashes. */
  readonly name: string;
  readonly meaning: string;
}

/** An option with a value; required, unless it says otherwise. */
export interface ValueOption extends AnyOption {
  /** What stands for its value in the help: `address`. */
  readonly placeholder: string;
  readonly schema: z.ZodType<string>;
  readonly isOptional?: boolean;
}

/** An option that is there or not. */
export interface Flag extends AnyOption {
  readonly isFlag: true;
}

/** The options' values, parsed by their schemas. */
export interface GivenOptions {
  /** Of an option that is required. */
  valueOf(name: string): string;
  find(name: string): string | undefined;
  has(flag: string): boolean;
}

/** What a command has to do with the world. */
export interface Surroundings {
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** A line on the standard output: what was asked for. */
  print(line: string): void;
  /** A line on the standard error output: what there is to tell besides. */
  note(line: string): void;
}

/** A command line that cannot be understood; the message says what would be right. */
export class UsageError extends Error {
  override readonly name = "UsageError";
  /** The command that was meant, where that is clear. */
  readonly command: string | undefined;

  constructor(message: string, options: ErrorOptions & { readonly command?: string } = {}) {
    super(message, options);
    this.command = options.command;
  }
}
