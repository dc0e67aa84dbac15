import ts from "typescript";
import { repositoryFiles, textOf } from "./repository-files.ts";

/** A file of code, parsed. */
export interface SourceFile {
  /** Relative to the repository, divided by `/`. */
  readonly path: string;
  readonly text: string;
  readonly tree: ts.SourceFile;
}

const CODE = /\.(?:ts|mts|cts|js|mjs|cjs)$/;
/** SDKs, which follow the customs of their languages and of their generator. */
export const WRITTEN_BY_PROGRAMS = /^sdk\/(?:nodejs|python|go)\//;

/** All code of the project that people write. */
export function sourceFiles(): readonly SourceFile[] {
  known ??= repositoryFiles()
    .filter((path) => CODE.test(path) && !WRITTEN_BY_PROGRAMS.test(path))
    .map((path) => sourceFile(path, textOf(path) ?? ""));
  return known;
}

let known: readonly SourceFile[] | undefined;

/** Parses a text as if it stood at `path`; a rule's own tests make the files that break it. */
export function sourceFile(path: string, text: string): SourceFile {
  return { path, text, tree: ts.createSourceFile(path, text, ts.ScriptTarget.Latest, true) };
}

/** Visits every node of a file, parents first. */
export function visit(source: SourceFile, see: (node: ts.Node) => void): void {
  const descend = (node: ts.Node): void => {
    see(node);
    ts.forEachChild(node, descend);
  };
  descend(source.tree);
}

/** Where a node stands, as editors and terminals understand it. */
export function placeOf(source: SourceFile, node: ts.Node): string {
  const { line } = source.tree.getLineAndCharacterOfPosition(node.getStart(source.tree));
  return `${source.path}:${line + 1}`;
}
