import { posix } from "node:path";
import ts from "typescript";
import { textOf } from "./repository-files.ts";
import { placeOf, type SourceFile, visit } from "./source-files.ts";

/** One import, of a value or of a type, static or dynamic. */
export interface Import {
  readonly specifier: string;
  /** The file of this repository that it leads to; `undefined` for packages of others and for `node:` modules. */
  readonly path: string | undefined;
  /** For messages. */
  readonly place: string;
}

/** Everything that a file imports or passes on from elsewhere. */
export function importsOf(source: SourceFile): readonly Import[] {
  const imports: Import[] = [];
  visit(source, (node) => {
    const specifier = specifierOf(node);
    if (specifier !== undefined) {
      imports.push({
        specifier,
        path: pathOf(source.path, specifier),
        place: placeOf(source, node),
      });
    }
  });
  return imports;
}

function specifierOf(node: ts.Node): string | undefined {
  if (ts.isImportDeclaration(node) || ts.isExportDeclaration(node)) {
    return textIn(node.moduleSpecifier);
  }
  if (ts.isImportTypeNode(node) && ts.isLiteralTypeNode(node.argument)) {
    return textIn(node.argument.literal);
  }
  const isCall = ts.isCallExpression(node);
  if (isCall && (node.expression.kind === ts.SyntaxKind.ImportKeyword || isRequire(node))) {
    return textIn(node.arguments[0]);
  }
  return undefined;
}

function isRequire({ expression }: ts.CallExpression): boolean {
  return ts.isIdentifier(expression) && expression.text === "require";
}

function textIn(node: ts.Node | undefined): string | undefined {
  return node !== undefined && ts.isStringLiteralLike(node) ? node.text : undefined;
}

function pathOf(importer: string, specifier: string): string | undefined {
  if (specifier.startsWith(".")) {
    return posix.join(posix.dirname(importer), specifier);
  }
  for (const { name, folder, exports } of workspaces()) {
    if (specifier === name || specifier.startsWith(`${name}/`)) {
      return exportedFile(folder, exports, `.${specifier.slice(name.length)}`);
    }
  }
  return undefined;
}

/** Follows a package's `exports` to the source that the condition of development names. */
function exportedFile(folder: string, exports: Exports, subpath: string): string {
  for (const [pattern, conditions] of Object.entries(exports)) {
    const [before = "", after] = pattern.split("*");
    const target = conditions["@moorage/source"] ?? "";
    if (pattern === subpath) {
      return posix.join(folder, target);
    }
    if (after !== undefined && subpath.startsWith(before) && subpath.endsWith(after)) {
      const middle = subpath.slice(before.length, subpath.length - after.length);
      return posix.join(folder, target.replace("*", middle));
    }
  }
  return posix.join(folder, subpath);
}

type Exports = Readonly<Record<string, Readonly<Record<string, string>>>>;

interface Workspace {
  readonly name: string;
  readonly folder: string;
  readonly exports: Exports;
}

/** The packages of this repository. */
export function workspaces(): readonly Workspace[] {
  known ??= (JSON.parse(textOf("package.json") ?? "{}") as { workspaces: string[] }).workspaces.map(
    (folder) => {
      const file = textOf(`${folder}/package.json`) ?? "{}";
      const { name, exports = {} } = JSON.parse(file) as { name: string; exports?: Exports };
      return { name, folder, exports };
    },
  );
  return known;
}

let known: readonly Workspace[] | undefined;
