import assert from "node:assert/strict";
import ts from "typescript";
import { codes, tablesBelow } from "./markdown.ts";
import { type SourceFile, sourceFiles, visit } from "./source-files.ts";

const PAGE = "docs/reference/pulumi-resources.md";
const FACE = /^provider\/pulumi\/src\/(?:dynamic|program)\//;

describe("the page on Pulumi resources", () => {
  for (const resource of ["Registry", "Token", "Scope", "GCSchedule", "Repository", "User"]) {
    it(`lists every argument and every output of ${resource}, and no other`, () => {
      const [argumentRows = [], outputRows = []] = tablesBelow(PAGE, resource);
      const listed = argumentRows.flatMap(([names]) => codes(names));
      assert.deepEqual(listed, membersOf(`${resource}Args`));
      const outputs = outputRows.flatMap(([names]) => codes(names));
      assert.deepEqual(outputs.sort(), membersOf(resource).sort());
    });
  }
});

/** Names of the properties of an interface or class of the package's face. */
function membersOf(type: string): string[] {
  const names = sourceFiles()
    .filter(({ path }) => FACE.test(path))
    .flatMap((source) => propertiesOf(source, type));
  assert.ok(names.length > 0, `${FACE} has no ${type}`);
  return names;
}

function propertiesOf(source: SourceFile, type: string): string[] {
  const names: string[] = [];
  visit(source, (node) => {
    const isType = ts.isInterfaceDeclaration(node) || ts.isClassDeclaration(node);
    if (isType && node.name?.text === type) {
      for (const member of node.members) {
        if (ts.isPropertySignature(member) || ts.isPropertyDeclaration(member)) {
          names.push(member.name.getText());
        }
      }
    }
  });
  return names;
}
