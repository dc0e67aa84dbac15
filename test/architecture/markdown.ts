import assert from "node:assert/strict";
import { repositoryFiles, textOf } from "./repository-files.ts";

/** Pages of the project: its documentation and what stands at the roots of its packages. */
export function markdownFiles(): readonly string[] {
  return repositoryFiles().filter((path) => path.endsWith(".md"));
}

/** The text of a page. */
export function page(path: string): string {
  assert.ok(repositoryFiles().includes(path), `there is no ${path}`);
  return textOf(path) ?? "";
}

/** The rows of the tables in a section of a page, as the texts of their cells, without the heads. */
export function tableRows(path: string, heading: string): Table {
  return tablesBelow(path, heading).flat();
}

/** The same, each table by itself. */
export function tablesBelow(path: string, heading: string): readonly Table[] {
  const sections = withoutCode(page(path)).split(/^#+ /m);
  const section = sections.find((part) => part.startsWith(`${heading}\n`));
  assert.ok(section !== undefined, `${path} has no section "${heading}"`);
  const tables = section.match(/(?:^\|.*\n)+/gm) ?? [];
  return tables.map((table) => table.trimEnd().split("\n").slice(2).map(cellsOf));
}

type Table = readonly (readonly string[])[];

function cellsOf(line: string): string[] {
  return line
    .split(/(?<!\\)\|/)
    .slice(1, -1)
    .map((cell) => cell.trim());
}

/** A page without its fenced blocks. */
export function withoutCode(markdown: string): string {
  return markdown.replace(/^( *)```[\s\S]*?^\1```$/gm, "");
}

/** What stands in the first pair of backticks. */
export function code(cell: string | undefined): string | undefined {
  return codes(cell)[0];
}

/** What stands in backticks. */
export function codes(cell: string | undefined): string[] {
  return [...(cell ?? "").matchAll(/`([^`]+)`/g)].map(([, text = ""]) => text);
}
