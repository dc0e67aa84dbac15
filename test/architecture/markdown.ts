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
export function tableRows(path: string, heading: string): readonly (readonly string[])[] {
  const sections = withoutCode(page(path)).split(/^#+ /m);
  const section = sections.find((part) => part.startsWith(`${heading}\n`));
  assert.ok(section !== undefined, `${path} has no section "${heading}"`);
  const lines = section.split("\n");
  return lines
    .filter((line, index) => line.startsWith("|") && !isHead(lines, index))
    .map((line) =>
      line
        .split(/(?<!\\)\|/)
        .slice(1, -1)
        .map((cell) => cell.trim()),
    );
}

/** A page without its fenced blocks. */
export function withoutCode(markdown: string): string {
  return markdown.replace(/^( *)```[\s\S]*?^\1```$/gm, "");
}

/** What stands in the first pair of backticks. */
export function code(cell: string | undefined): string | undefined {
  return /`([^`]+)`/.exec(cell ?? "")?.[1];
}

function isHead(lines: readonly string[], index: number): boolean {
  const rule = /^\|(?: *:?-+:? *\|)+$/;
  return rule.test(lines[index] ?? "") || rule.test(lines[index + 1] ?? "");
}
