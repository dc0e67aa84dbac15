import type { Command, CommandOption } from "./command.ts";

/** What `--help` prints about the program. */
export function helpOnProgram(commands: readonly Command[]): string {
  return `Usage: moorage [<command> [<options>]]

Without a command, the server runs. Commands work on the data directory that the
settings (MOORAGE_DATA_DIR, …) name; unless their help says otherwise, also while
a server runs on it.

Commands:
${columns(commands.map(({ name, summary }) => [name, summary]))}

"moorage <command> --help" tells more; "moorage --version" tells the version.
Exit codes: 0, it is done; 1, it could not be done, or a problem was found;
2, the command line is not understood.`;
}

/** What `--help` prints about one command. */
export function helpOnCommand({ name, summary, description, options }: Command): string {
  const usage = ["Usage: moorage", name, ...options.map(inUsage)].join(" ");
  const explained = columns(options.map((option) => [signOf(option), option.meaning]));
  return [
    usage,
    "",
    summary,
    ...(description === undefined ? [] : ["", description]),
    ...(options.length === 0 ? [] : ["", "Options:", explained]),
  ].join("\n");
}

function inUsage(option: CommandOption): string {
  const isRequired = !("isFlag" in option) && option.isOptional !== true;
  return isRequired ? signOf(option) : `[${signOf(option)}]`;
}

function signOf(option: CommandOption): string {
  return "isFlag" in option ? `--${option.name}` : `--${option.name} <${option.placeholder}>`;
}

function columns(rows: readonly (readonly [string, string])[]): string {
  const width = Math.max(...rows.map(([left]) => left.length));
  return rows.map(([left, right]) => `  ${left.padEnd(width)}  ${right}`).join("\n");
}
