import assert from "node:assert/strict";
import ts from "typescript";
import { codes, tableRows } from "./markdown.ts";
import { type SourceFile, sourceFiles, visit } from "./source-files.ts";

const PAGE = "docs/how-to/find-out-what-is-wrong.md";
const LEVELS = new Set(["info", "warn", "error"]);
/** The one that the page explains in its text. */
const EVERY_ANSWER = "request";

describe("the page for when something is wrong", () => {
  const logged = new Set(
    sourceFiles()
      .filter(({ path }) => path.startsWith("provider/server/src/"))
      .flatMap(eventsOf)
      .filter((event) => event !== EVERY_ANSWER),
  );

  it("has words with hyphens for events, so that they can be searched for; dots are the audit log's", () => {
    const others = [...logged].filter((event) => !/^[a-z]+(?:-[a-z]+)*$/.test(event));
    assert.deepEqual(others, []);
  });

  it("explains every event that the server logs, and no other", () => {
    const explained = tableRows(PAGE, "What the log says").flatMap(([events]) => codes(events));
    assert.deepEqual(explained.sort(), [...logged].sort());
  });
});

/** First arguments of calls like `events.warn("…")`. */
function eventsOf(source: SourceFile): string[] {
  const found: string[] = [];
  visit(source, (node) => {
    if (!ts.isCallExpression(node) || !ts.isPropertyAccessExpression(node.expression)) {
      return;
    }
    const { expression: sink, name } = node.expression;
    const isSink = /(?:^|\.)events$/.test(sink.getText());
    const [event] = node.arguments;
    if (isSink && LEVELS.has(name.text) && event !== undefined && ts.isStringLiteral(event)) {
      found.push(event.text);
    }
  });
  return found;
}
