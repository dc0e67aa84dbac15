import assert from "node:assert/strict";
import ts from "typescript";
import { importsOf } from "./imports.ts";
import { type SourceFile, sourceFile, sourceFiles, visit } from "./source-files.ts";

/** Each keeps the limits of its side of the API; the other side does not see them. */
const LIMITS = ["provider/server/src/domain/limits.ts", "sdk/core/src/contract/limits.ts"];
const PRODUCT = /^(?:provider|sdk|tools|examples)\//;
/** Every limit says what it counts. A share, a place or a switch would not be a limit. */
const UNITS =
  /(?:^|_)(?:BYTES|LENGTH|BLOCKS|ENTRIES|SECONDS|MILLISECONDS|MAX|DEFAULT|MIN|AT_ONCE|CHARACTERS)(?:_|$)/;

describe("every limit", () => {
  for (const path of LIMITS) {
    it(`of ${path} is kept by somebody`, () => {
      assert.deepEqual(unusedLimits(path, sourceFiles()), []);
    });

    it(`of ${path} has its unit in its name`, () => {
      const limits = sourceFiles().find((source) => source.path === path);
      assert.ok(limits !== undefined);
      assert.deepEqual(
        exportedNames(limits).filter((name) => !UNITS.test(name)),
        [],
      );
    });
  }

  it("is noticed when nobody keeps it, or only a test does", () => {
    const limits = sourceFile(LIMITS[0] ?? "", "export const A_MAX = 1;\nexport const B_MAX = 2;");
    const user = sourceFile(
      "provider/server/src/domain/a.ts",
      'import { A_MAX } from "./limits.ts";',
    );
    const test = sourceFile(
      "test/unit/a.test.ts",
      'import { B_MAX } from "../../provider/server/src/domain/limits.ts";',
    );
    assert.deepEqual(unusedLimits(limits.path, [limits, user, test]), ["B_MAX"]);
  });
});

function unusedLimits(path: string, sources: readonly SourceFile[]): string[] {
  const limits = sources.find((source) => source.path === path);
  assert.ok(limits !== undefined, `there is no ${path}`);
  const users = sources.filter(
    (source) => PRODUCT.test(source.path) && importsOf(source).some((each) => each.path === path),
  );
  const used = new Set(users.flatMap(importedNames));
  return exportedNames(limits).filter((name) => !used.has(name) && !isUsedInside(limits, name));
}

function exportedNames({ tree }: SourceFile): string[] {
  return tree.statements
    .filter(ts.isVariableStatement)
    .filter(({ modifiers }) => modifiers?.some(({ kind }) => kind === ts.SyntaxKind.ExportKeyword))
    .flatMap(({ declarationList }) => declarationList.declarations)
    .map(({ name }) => name.getText());
}

function importedNames(source: SourceFile): string[] {
  const names: string[] = [];
  visit(source, (node) => {
    if (ts.isImportSpecifier(node)) {
      names.push((node.propertyName ?? node.name).text);
    }
  });
  return names;
}

/** A limit may be what another one is made of. */
function isUsedInside(limits: SourceFile, name: string): boolean {
  return limits.text.split(new RegExp(`\\b${name}\\b`)).length > 2;
}
