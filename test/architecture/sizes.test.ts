import assert from "node:assert/strict";
import ts from "typescript";
import { placeOf, type SourceFile, sourceFile, sourceFiles, visit } from "./source-files.ts";

const FILE_LINES_MAX = 500;
const TEST_FILE_LINES_MAX = 300;
const FUNCTION_LINES_MAX = 70;
const PORT_METHODS_MAX = 12;

const SUITES = new Set(["describe", "it", "before", "after", "beforeEach", "afterEach"]);

describe("the size", () => {
  it(`of a file is at most ${FILE_LINES_MAX} lines, of a test file ${TEST_FILE_LINES_MAX}`, () => {
    assert.deepEqual(longFiles(sourceFiles()), []);
  });

  it(`of a function is at most ${FUNCTION_LINES_MAX} lines`, () => {
    assert.deepEqual(longFunctions(sourceFiles()), []);
  });

  it(`of a port is at most ${PORT_METHODS_MAX} methods`, () => {
    assert.deepEqual(fatPorts(sourceFiles()), []);
  });

  it("is noticed when a file, a function or a port has grown too far", () => {
    const lines = (count: number) => "a();\n".repeat(count);
    assert.equal(longFiles([sourceFile("a.ts", lines(500))]).length, 0);
    assert.equal(longFiles([sourceFile("a.ts", lines(501))]).length, 1);
    assert.equal(longFiles([sourceFile("a.test.ts", lines(301))]).length, 1);
    for (const head of [
      "function f() ",
      "const f = () => ",
      "class C { m() ",
      "class C { get g() ",
    ]) {
      const tail = head.startsWith("class") ? "}" : "";
      const long = `${head}{\n${lines(69)}}${tail}`;
      assert.equal(longFunctions([sourceFile("a.ts", long)]).length, 1, head);
      assert.equal(longFunctions([sourceFile("a.ts", long.replace("a();\n", ""))]).length, 0, head);
    }
    const port = (count: number) => `export interface P { ${"m(): void; ".repeat(count)} }`;
    const path = "provider/server/src/ports/p.ts";
    assert.equal(fatPorts([sourceFile(path, port(12))]).length, 0);
    assert.equal(fatPorts([sourceFile(path, port(13))]).length, 1);
  });

  it("of a list of tests does not count as a function's", () => {
    const tests = `describe("a", () => {\n${'it("b", () => {});\n'.repeat(100)}});`;
    assert.deepEqual(longFunctions([sourceFile("a.test.ts", tests)]), []);
    const contract = `export function describeStore() {\n${tests}\n}`;
    assert.deepEqual(longFunctions([sourceFile("a.ts", contract)]), []);
  });
});

function longFiles(sources: readonly SourceFile[]): string[] {
  return sources.flatMap(({ path, text }) => {
    const lines = text.replace(/\n$/, "").split("\n").length;
    const most = path.endsWith(".test.ts") ? TEST_FILE_LINES_MAX : FILE_LINES_MAX;
    return lines > most ? [`${path}: ${lines} lines`] : [];
  });
}

function longFunctions(sources: readonly SourceFile[]): string[] {
  return sources.flatMap((source) => {
    const found: string[] = [];
    visit(source, (node) => {
      const lines = ts.isFunctionLike(node) && !listsTests(node) ? linesOf(source, node) : 0;
      if (lines > FUNCTION_LINES_MAX) {
        found.push(`${placeOf(source, node)}: ${lines} lines`);
      }
    });
    return found;
  });
}

function linesOf({ tree }: SourceFile, node: ts.Node): number {
  const first = tree.getLineAndCharacterOfPosition(node.getStart(tree)).line;
  return tree.getLineAndCharacterOfPosition(node.getEnd()).line - first + 1;
}

/** A function whose own statements declare tests is a table of contents, as long as its entries are short. */
function listsTests(node: ts.SignatureDeclaration): boolean {
  const body = "body" in node ? node.body : undefined;
  return body !== undefined && ts.isBlock(body) && body.statements.some(isSuiteStatement);
}

function isSuiteStatement(statement: ts.Statement): boolean {
  if (ts.isForOfStatement(statement) || ts.isForStatement(statement)) {
    const { statement: body } = statement;
    return ts.isBlock(body) && body.statements.some(isSuiteStatement);
  }
  const call = ts.isExpressionStatement(statement) ? statement.expression : undefined;
  if (call === undefined || !ts.isCallExpression(call)) {
    return false;
  }
  return ts.isIdentifier(call.expression) && SUITES.has(call.expression.text);
}

function fatPorts(sources: readonly SourceFile[]): string[] {
  return sources
    .filter(({ path }) => path.startsWith("provider/server/src/ports/"))
    .flatMap((source) => {
      const found: string[] = [];
      visit(source, (node) => {
        if (ts.isInterfaceDeclaration(node)) {
          const methods = node.members.filter(isMethod).length;
          if (methods > PORT_METHODS_MAX) {
            found.push(`${placeOf(source, node)}: ${node.name.text} has ${methods} methods`);
          }
        }
      });
      return found;
    });
}

function isMethod(member: ts.TypeElement): boolean {
  const isProperty = ts.isPropertySignature(member) && member.type !== undefined;
  return ts.isMethodSignature(member) || (isProperty && ts.isFunctionTypeNode(member.type));
}
