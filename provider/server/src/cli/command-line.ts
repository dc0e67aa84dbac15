import { parseArgs } from "node:util";
import { type Command, type GivenOptions, UsageError } from "./command.ts";

/** What a command line asks for. */
export type CommandLine =
  /** `about` is absent where all commands are to be explained. */
  | { readonly kind: "help"; readonly about: Command | undefined }
  | { readonly kind: "run"; readonly command: Command; readonly given: GivenOptions };

/** @throws UsageError */
export function parseCommandLine(
  commands: readonly Command[],
  args: readonly string[],
): CommandLine {
  const firstOption = args.findIndex((arg) => arg.startsWith("-"));
  const words = args.slice(0, firstOption < 0 ? undefined : firstOption);
  const options = args.slice(words.length);
  const isForHelp = options.includes("--help") || options.includes("-h");
  const command = commands.find(({ name }) => name === words.join(" "));
  const isBeginning = commands.some(({ name }) =>
    words.every((word, at) => name.split(" ")[at] === word),
  );
  if (isForHelp && isBeginning) {
    return { kind: "help", about: command };
  }
  if (command === undefined) {
    const asked = words.length === 0 ? (options[0] ?? "") : words.join(" ");
    const known = commands.map(({ name }) => name).join(", ");
    throw new UsageError(`there is no command ${JSON.stringify(asked)}; expected one of ${known}`);
  }
  return { kind: "run", command, given: parseOptions(command, options) };
}

function parseOptions(command: Command, args: readonly string[]): GivenOptions {
  const raw = rawOptions(command, args);
  const values = new Map<string, string>();
  const problems: string[] = [];
  for (const { name, placeholder, schema } of command.options) {
    const outcome = raw[name] === undefined ? undefined : schema.safeParse(raw[name]);
    if (outcome?.success === true) {
      values.set(name, outcome.data);
    } else {
      problems.push(outcome?.error.issues[0]?.message ?? `--${name} <${placeholder}> is required`);
    }
  }
  if (problems.length > 0) {
    throw new UsageError(problems.join("\n"));
  }
  return {
    valueOf(name) {
      const value = values.get(name);
      if (value === undefined) {
        throw new Error(`the command ${command.name} has no option ${name}`);
      }
      return value;
    },
  };
}

function rawOptions({ options }: Command, args: readonly string[]) {
  const strings = options.map(({ name }) => [name, { type: "string" }] as const);
  try {
    return parseArgs({ args: [...args], options: Object.fromEntries(strings) }).values;
  } catch (cause) {
    const isUsage = cause instanceof TypeError && "code" in cause;
    throw isUsage ? new UsageError(cause.message, { cause }) : cause;
  }
}
