import type { Command } from "./command.ts";

/** What `--help` prints about the program. */
export function helpOnProgram(commands: readonly Command[]): string {
  return `Usage: moorage [<command> [<options>]]

Without a command, the server runs. Commands work on the data directory that the
settings (MOORAGE_DATA_DIR, …) name, also while a server runs on it.

Commands:
${columns(commands.map(({ name, summary }) => [name, summary]))}

"moorage <command> --help" tells more.`;
}

/** What `--help` prints about one command. */
export function helpOnCommand({ name, summary, description, options }: Command): string {
  const signed = options.map((option) => ({
    ...option,
    sign: `--${option.name} <${option.placeholder}>`,
  }));
  const usage = ["Usage: moorage", name, ...signed.map(({ sign }) => sign)].join(" ");
  const explained = columns(signed.map(({ sign, meaning }) => [sign, meaning]));
  return [
    usage,
    "",
    summary,
    ...(description === undefined ? [] : [description]),
    ...(options.length === 0 ? [] : ["", "Options:", explained]),
  ].join("\n");
}

function columns(rows: readonly (readonly [string, string])[]): string {
  const width = Math.max(...rows.map(([left]) => left.length));
  return rows.map(([left, right]) => `  ${left.padEnd(width)}  ${right}`).join("\n");
}
