/** A file that is written: its name, and what is in it. */
export interface SourceText {
  readonly name: string;
  readonly text: string;
}

const HEADING = "// Written by `npm run generate` from the package's schema; do not edit.\n";

/** The file of a class, a function or a topic. */
export function sourceText(name: string, lines: readonly string[]): SourceText {
  const text = `${HEADING}${lines.filter((line) => line !== "").join("\n")}\n`;
  return { name: fileName(name), text };
}

/** The name of the file that holds a class or a function: `gc-schedule.ts` for `GCSchedule`. */
export function fileName(name: string): string {
  const words = name.replace(/([a-z0-9])([A-Z])|([A-Z])(?=[A-Z][a-z])/g, "$1$3-$2");
  return `${words.toLowerCase()}.ts`;
}
