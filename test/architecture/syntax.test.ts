import assert from "node:assert/strict";
import ts from "typescript";
import { repositoryFiles, textOf } from "./repository-files.ts";
import { placeOf, type SourceFile, sourceFile, sourceFiles, visit } from "./source-files.ts";

/** Where every stream belongs to a `pipeline` with a signal; a test may listen as it likes. */
const STREAMS_ARE_PIPELINES = /^(?:provider\/server\/src|provider\/pulumi\/src|sdk)\//;
/** Cut in two, so that this file does not break its own rule. */
const LEFT_TO_DO = new RegExp(
  `\\b(?:${["TO", "FIX"].map((a, i) => a + ["DO", "ME"][i]).join("|")})\\b(?!\\(#\\d+\\))`,
);

describe("the code", () => {
  it("can be run by stripping its types, and has neither `any` nor `!`", () => {
    assert.deepEqual(sourceFiles().flatMap(forbiddenSyntax), []);
  });

  it("moves bytes in pipelines, never by `pipe` or by listening for data", () => {
    assert.deepEqual(sourceFiles().flatMap(looseStreams), []);
  });

  it("leaves nothing to do without the number of an issue", () => {
    assert.deepEqual(repositoryFiles().flatMap(unnumberedTasks), []);
  });

  const forbidden = [
    "enum Colour { Red }",
    "namespace Space { export const a = 1; }",
    "class C { constructor(private a: number) {} }",
    "@decorated class C {}",
    "import a = require('a');",
    "const a: any = 1;",
    "f(a as any);",
    "a!.b();",
    "let a!: number;",
    "class C { a!: number; }",
    "const a = <string>b;",
    "// @ts-ignore\na();",
  ];
  for (const code of forbidden) {
    it(`is noticed to have: ${code.replace("\n", " ")}`, () => {
      assert.equal(forbiddenSyntax(sourceFile("tools/a.ts", code)).length, 1);
    });
  }

  it("is noticed to leave streams loose", () => {
    const path = "provider/server/src/http/a.ts";
    assert.equal(looseStreams(sourceFile(path, "a.pipe(b);")).length, 1);
    assert.equal(looseStreams(sourceFile(path, "a.on('data', b);")).length, 1);
    assert.deepEqual(
      looseStreams(sourceFile(path, "schema.pipe(z.array(b)); a.on('end', b);")),
      [],
    );
    assert.deepEqual(looseStreams(sourceFile("test/a.ts", "a.pipe(b);")), []);
  });

  it("is noticed to leave something to do", () => {
    const word = ["TO", "DO"].join("");
    assert.match(`// ${word}: later`, LEFT_TO_DO);
    assert.doesNotMatch(`// ${word}(#12): later`, LEFT_TO_DO);
  });
});

function forbiddenSyntax(source: SourceFile): string[] {
  const found: string[] = [];
  visit(source, (node) => {
    const what = faultOf(node);
    if (what !== undefined) {
      found.push(`${placeOf(source, node)}: ${what}`);
    }
  });
  if (/^\s*\/\/\s*@ts-(?:ignore|nocheck)/m.test(source.text)) {
    found.push(`${source.path}: a switched-off type check`);
  }
  return found;
}

function faultOf(node: ts.Node): string | undefined {
  if (ts.isEnumDeclaration(node)) return "an enum";
  // `declare module "x"` adds to another package's types and leaves nothing behind.
  if (ts.isModuleDeclaration(node) && !ts.isStringLiteral(node.name)) return "a namespace";
  if (ts.isDecorator(node)) return "a decorator";
  if (ts.isImportEqualsDeclaration(node)) return "an import by assignment";
  if (ts.isTypeAssertionExpression(node)) return "a cast in angle brackets";
  if (ts.isNonNullExpression(node)) return "a `!`";
  if (node.kind === ts.SyntaxKind.AnyKeyword) return "an `any`";
  if (ts.isParameter(node) && ts.isParameterPropertyDeclaration(node, node.parent)) {
    return "a parameter property";
  }
  if (ts.isVariableDeclaration(node) || ts.isPropertyDeclaration(node)) {
    return node.exclamationToken && "a `!`";
  }
  return undefined;
}

function looseStreams(source: SourceFile): string[] {
  if (!STREAMS_ARE_PIPELINES.test(source.path)) {
    return [];
  }
  const found: string[] = [];
  visit(source, (node) => {
    if (!ts.isCallExpression(node) || !ts.isPropertyAccessExpression(node.expression)) {
      return;
    }
    const [first] = node.arguments;
    const method = node.expression.name.text;
    const isListening = method === "on" && first !== undefined && isText(first, "data");
    // zod's `pipe` chains schemas: what it takes starts with `z`.
    const isPiping = method === "pipe" && first !== undefined && rootOf(first) !== "z";
    if (isListening || isPiping) {
      found.push(`${placeOf(source, node)}: ${method}`);
    }
  });
  return found;
}

function isText(node: ts.Node, text: string): boolean {
  return ts.isStringLiteralLike(node) && node.text === text;
}

function rootOf(node: ts.Expression): string | undefined {
  if (ts.isCallExpression(node) || ts.isPropertyAccessExpression(node)) {
    return rootOf(node.expression);
  }
  return ts.isIdentifier(node) ? node.text : undefined;
}

function unnumberedTasks(path: string): string[] {
  const lines = textOf(path)?.split("\n") ?? [];
  return lines.flatMap((line, index) => (LEFT_TO_DO.test(line) ? [`${path}:${index + 1}`] : []));
}
