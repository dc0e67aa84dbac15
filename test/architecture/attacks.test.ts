import assert from "node:assert/strict";
import ts from "typescript";
import { tableRows } from "./markdown.ts";
import { repositoryFiles, textOf } from "./repository-files.ts";
import { sourceFile, visit } from "./source-files.ts";

const PAGE = "SECURITY.md";
const LIST = "An attacker's list";
const TESTERS = new Set(["it", "describe"]);

interface Named {
  readonly file: string;
  readonly titles: readonly string[];
}

describe("the attacker's list", () => {
  it("names for each attack a test that there is", () => {
    const missing: string[] = [];
    for (const [attack = "", , tests = ""] of tableRows(PAGE, LIST)) {
      const named = testsOf(tests);
      assert.ok(named.length > 0, `${attack}: no test is named`);
      for (const { file, titles } of named) {
        assert.ok(repositoryFiles().includes(file), `${attack}: there is no ${file}`);
        assert.ok(titles.length > 0, `${attack}: no title of ${file} is named`);
        const known = titlesOf(file, textOf(file) ?? "");
        missing.push(
          ...titles
            .filter((title) => !known.some((text) => isTitle(title, text)))
            .map((title) => `${file}: ${title}`),
        );
      }
    }
    assert.deepEqual(missing, []);
  });

  it("has every file of the tests that were written for it", () => {
    const named = new Set(
      tableRows(PAGE, LIST).flatMap(([, , tests = ""]) => testsOf(tests).map(({ file }) => file)),
    );
    const files = repositoryFiles().filter((path) => path.startsWith("test/http/security/"));
    assert.deepEqual(
      files.filter((path) => !named.has(path)),
      [],
    );
  });

  it("is noticed to name a test that is gone", () => {
    const known = titlesOf(
      "a.test.ts",
      `it("takes a", () => {}); it(\`takes \${b} and c\`, () => {});`,
    );
    assert.deepEqual(
      ["takes a", "takes … and c", "takes … c", "takes", "takes b"].map((title) =>
        known.some((text) => isTitle(title, text)),
      ),
      [true, true, false, false, false],
    );
  });
});

/** `file`: *title*; *title*; `file`: *title* */
function testsOf(cell: string): readonly Named[] {
  return [...cell.matchAll(/`(test\/[^`]+\.ts)`: ([^`]*)/g)].map(([, file = "", rest = ""]) => ({
    file,
    titles: [...rest.matchAll(/\*([^*]+)\*/g)].map(([, title = ""]) => title),
  }));
}

/** Titles as they stand in the source, with … for what is filled in. */
function titlesOf(path: string, text: string): readonly string[] {
  const found: string[] = [];
  visit(sourceFile(path, text), (node) => {
    const isTest =
      ts.isCallExpression(node) &&
      ts.isIdentifier(node.expression) &&
      TESTERS.has(node.expression.text);
    const [title] = isTest ? node.arguments : [];
    if (title !== undefined && ts.isStringLiteralLike(title)) {
      found.push(title.text);
    } else if (title !== undefined && ts.isTemplateExpression(title)) {
      const spans = title.templateSpans.map(({ literal }) => literal.text);
      found.push([title.head.text, ...spans].join("…"));
    }
  });
  return found;
}

/** Whether a title is that of the list, where the last … may stand for all of an end. */
function isTitle(listed: string, title: string): boolean {
  const plain = (text: string) => text.replaceAll(/\s*…\s*/g, "…");
  const known = plain(title);
  return plain(listed) === known || (listed.endsWith("…") && known.startsWith(plain(listed)));
}
