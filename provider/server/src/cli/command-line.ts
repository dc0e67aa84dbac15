import { parseArgs } from "node:util";
import { type Command, type GivenOptions, UsageError } from "./command.ts";

/** What a command line asks for. */
export type CommandLine =
  /** `about` is absent where all commands are to be explained. */
  | { readonly kind: "help"; readonly about: Command | undefined }
  | { readonly kind: "version" }
  | { readonly kind: "run"; readonly command: Command; readonly given: GivenOptions };

/** @throws UsageError */
export function parseCommandLine(
  commands: readonly Command[],
  args: readonly string[],
): CommandLine {
  const [first, ...others] = args;
  if (first === "help") {
    return parseCommandLine(commands, [...others, "--help"]);
  }
  const firstOption = args.findIndex((arg) => arg.startsWith("-"));
  const words = args.slice(0, firstOption < 0 ? undefined : firstOption);
  const options = args.slice(words.length);
  const isForHelp = options.includes("--help") || options.includes("-h");
  const command = commands.find(({ name }) => name === words.join(" "));
  const isBeginning = commands.some(({ name }) =>
    words.every((word, at) => name.split(" ")[at] === word),
  );
  if (words.length === 0 && options.includes("--version")) {
    return { kind: "version" };
  }
  if (isForHelp && isBeginning) {
    return { kind: "help", about: command };
  }
  if (command === undefined) {
    throw unknownCommand(commands, words, options);
  }
  return { kind: "run", command, given: parseOptions(command, options) };
}

function unknownCommand(
  commands: readonly Command[],
  words: readonly string[],
  options: readonly string[],
): UsageError {
  const begun = commands.find(({ name }) => words.join(" ").startsWith(`${name} `));
  if (begun !== undefined) {
    const extra = words.slice(begun.name.split(" ").length).join(" ");
    return new UsageError(
      `"${begun.name}" takes options only; expected one in front of ${JSON.stringify(extra)}`,
      { command: begun.name },
    );
  }
  const asked = words.length === 0 ? (options[0] ?? "") : words.join(" ");
  const known = commands.map(({ name }) => name).join(", ");
  return new UsageError(`there is no command ${JSON.stringify(asked)}; expected one of ${known}`);
}

function parseOptions(command: Command, args: readonly string[]): GivenOptions {
  const raw = rawOptions(command, args);
  const values = new Map<string, string>();
  const problems: string[] = [];
  for (const option of command.options) {
    const given = raw[option.name];
    if ("isFlag" in option) {
      continue;
    }
    const { name, placeholder, schema, isOptional } = option;
    const outcome = given === undefined ? undefined : schema.safeParse(given);
    if (outcome?.success === true) {
      values.set(name, outcome.data);
    } else if (outcome !== undefined || isOptional !== true) {
      problems.push(outcome?.error.issues[0]?.message ?? `--${name} <${placeholder}> is required`);
    }
  }
  if (problems.length > 0) {
    throw new UsageError(problems.join("\n"), { command: command.name });
  }
  return {
    valueOf(name) {
      const value = values.get(name);
      if (value === undefined) {
        throw new Error(`the command ${command.name} has no option ${name}`);
      }
      return value;
    },
    find: (name) => values.get(name),
    has: (flag) => raw[flag] === true,
  };
}

function rawOptions({ name: command, options }: Command, args: readonly string[]) {
  const types = options.map(
    (option) => [option.name, { type: "isFlag" in option ? "boolean" : "string" }] as const,
  );
  try {
    return parseArgs({ args: [...args], options: Object.fromEntries(types) }).values;
  } catch (cause) {
    const isUsage = cause instanceof TypeError && "code" in cause;
    throw isUsage ? new UsageError(cause.message, { command, cause }) : cause;
  }
}
