import assert from "node:assert/strict";
import { COMMANDS } from "../../provider/server/src/cli/run-command.ts";
import { code, codes, tableRows } from "./markdown.ts";

const PAGE = "docs/reference/commands.md";

describe("the page on commands", () => {
  it("lists every command with its options, in the order of the help, and no other", () => {
    const listed = tableRows(PAGE, "Commands").map(([name, options]) => ({
      name: code(name),
      options: codes(options),
    }));
    const known = COMMANDS.map(({ name, options }) => ({
      name,
      options: options.map((option) => `--${option.name}`),
    }));
    assert.deepEqual(listed, known);
  });
});
