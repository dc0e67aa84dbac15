import assert from "node:assert/strict";
import ts from "typescript";
import { workspaces } from "./imports.ts";
import { repositoryFiles } from "./repository-files.ts";
import {
  type SourceFile,
  sourceFile,
  sourceFiles,
  visit,
  WRITTEN_BY_PROGRAMS,
} from "./source-files.ts";

/** Folders whose content is named by us; files at the root are named by custom. */
const OURS = /^(?:provider|sdk|test|tools|bench|examples|docs)\//;
const KEBAB_CASE = /^[a-z0-9]+(?:-[a-z0-9]+)*(?:\.[a-z0-9]+)*$/;
/** Their names are not ours to choose. */
const NAMED_BY_CUSTOM =
  /(?:^|\/)(?:README\.md|__main__\.py|Containerfile|Pulumi(?:\.[a-z-]+)?\.yaml|PulumiPlugin\.yaml|\.gitignore|\.npmignore)$/;
const SAYS_NOTHING = /(?:^|\/)(?:utils?|helpers?|types?|common|misc|shared|lib)(?:\.|\/)/;
const CONFIGURATION = /(?:^|\/)[^/]+\.config\.(?:js|ts)$/;

describe("names", () => {
  it("of files and folders are in kebab-case", () => {
    assert.deepEqual(oddNames(ownFiles()), []);
  });

  it("of files and folders say what is in them", () => {
    assert.deepEqual(
      ownFiles().filter((path) => OURS.test(path) && SAYS_NOTHING.test(path)),
      [],
    );
  });

  it("of exports are their own: none is a default, but in a tool's configuration", () => {
    assert.deepEqual(defaultExports(sourceFiles()), []);
  });

  it("of packages are the only faces: nothing but them passes exports on", () => {
    assert.deepEqual(barrels(sourceFiles()), []);
  });

  it("are noticed when they break these rules", () => {
    const paths = ["tools/RunIt.ts", "tools/run_it.ts", "test/Big/a.ts", "docs/How To.md"];
    assert.deepEqual(oddNames(paths), paths);
    for (const path of ["sdk/core/src/utils.ts", "tools/common/a.ts", "test/helpers.test.ts"]) {
      assert.match(path, SAYS_NOTHING);
    }
    assert.doesNotMatch("sdk/core/src/media-types.ts", SAYS_NOTHING);
    for (const code of [
      "export default 1;",
      "const a = 1; export { a as default };",
      "export = 1;",
    ]) {
      assert.equal(defaultExports([sourceFile("tools/a.ts", code)]).length, 1, code);
      assert.equal(defaultExports([sourceFile("a.config.js", code)]).length, 0, code);
    }
    const barrel = 'export { a } from "./a.ts";\nexport type { B } from "./b.ts";';
    assert.equal(barrels([sourceFile("tools/all.ts", barrel)]).length, 1);
    assert.equal(barrels([sourceFile("tools/all.ts", `${barrel}\nexport const c = 1;`)]).length, 0);
  });
});

function ownFiles(): readonly string[] {
  return repositoryFiles().filter((path) => !WRITTEN_BY_PROGRAMS.test(path));
}

function oddNames(paths: readonly string[]): string[] {
  return paths.filter((path) => {
    const steps = path.replace(NAMED_BY_CUSTOM, "").split("/").filter(Boolean);
    return OURS.test(path) && !steps.every((step) => KEBAB_CASE.test(step));
  });
}

function defaultExports(sources: readonly SourceFile[]): string[] {
  const found = new Set<string>();
  for (const source of sources.filter(({ path }) => !CONFIGURATION.test(path))) {
    visit(source, (node) => {
      const isNamedDefault = ts.isExportSpecifier(node) && node.name.text === "default";
      if (ts.isExportAssignment(node) || isNamedDefault || hasDefaultModifier(node)) {
        found.add(source.path);
      }
    });
  }
  return [...found];
}

function hasDefaultModifier(node: ts.Node): boolean {
  const modifiers = ts.canHaveModifiers(node) ? ts.getModifiers(node) : undefined;
  return modifiers?.some(({ kind }) => kind === ts.SyntaxKind.DefaultKeyword) ?? false;
}

/** Files that only pass on what others export, and are not the face of a package. */
function barrels(sources: readonly SourceFile[]): string[] {
  const faces = new Set(
    workspaces().flatMap(({ folder, exports }) =>
      Object.values(exports).map((conditions) =>
        `${folder}/${conditions["@moorage/source"]}`.replace("/./", "/"),
      ),
    ),
  );
  return sources
    .filter(({ path, tree }) => {
      const passesOn = (statement: ts.Statement) =>
        ts.isExportDeclaration(statement) && statement.moduleSpecifier !== undefined;
      return !faces.has(path) && tree.statements.length > 0 && tree.statements.every(passesOn);
    })
    .map(({ path }) => path);
}
