import type { Command, CommandOption } from "./command.ts";

const TERMINAL_COLUMNS = 80;

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
2, the command line is not understood; 3, it is done but for what was named.`;
}

/** What `--help` prints about one command. */
export function helpOnCommand({ name, summary, description, options }: Command): string {
  const usage = usageOf(name, options);
  const explained = columns(options.map((option) => [signOf(option), option.meaning]));
  return [
    usage,
    "",
    summary,
    ...(description === undefined ? [] : ["", description]),
    ...(options.length === 0 ? [] : ["", "Options:", explained]),
  ].join("\n");
}

/** What is not required is left to the list of options where a terminal's line has no room for it. */
function usageOf(name: string, options: readonly CommandOption[]): string {
  const whole = ["Usage: moorage", name, ...options.map(inUsage)].join(" ");
  if (whole.length <= TERMINAL_COLUMNS) {
    return whole;
  }
  const required = options.filter(isRequired).map(inUsage);
  return ["Usage: moorage", name, ...required, "[<options>]"].join(" ");
}

function inUsage(option: CommandOption): string {
  return isRequired(option) ? signOf(option) : `[${signOf(option)}]`;
}

function isRequired(option: CommandOption): boolean {
  return !("isFlag" in option) && option.isOptional !== true;
}

function signOf(option: CommandOption): string {
  return "isFlag" in option ? `--${option.name}` : `--${option.name} <${option.placeholder}>`;
}

function columns(rows: readonly (readonly [string, string])[]): string {
  const width = Math.max(...rows.map(([left]) => left.length));
  return rows.map(([left, right]) => `  ${left.padEnd(width)}  ${right}`).join("\n");
}
