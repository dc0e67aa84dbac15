import assert from "node:assert/strict";
import { git } from "./repository-files.ts";

const COLUMNS_MAX = 72;
const SUBJECT =
  /^(?:feat|fix|docs|test|build|ci|refactor|perf|style|chore|revert)(?:\((?:server|pulumi|core|cdktf|docs|ci)\))?!?: \S/;

describe("the commits that led here", () => {
  // A release archive has none, a shallow clone has few: what is there is checked.
  const subjects = git("log", "--no-merges", "--format=%h %s") ?? [];

  it("have subjects in the form of Conventional Commits, not too long, without a full stop", () => {
    assert.deepEqual(
      subjects.filter((line) => !isGood(line.slice(line.indexOf(" ") + 1))),
      [],
    );
  });

  it("are noticed when their subjects have another form", () => {
    assert.ok(isGood("feat(server): serve the management API"));
    for (const subject of [
      "Serve the management API",
      "feat(everything): serve the management API",
      "feat: serve the management API.",
      "feat:serve the management API",
      `feat: ${"a".repeat(COLUMNS_MAX - 5)}`,
    ]) {
      assert.ok(!isGood(subject), subject);
    }
  });
});

function isGood(subject: string): boolean {
  return SUBJECT.test(subject) && subject.length <= COLUMNS_MAX && !subject.endsWith(".");
}
