import assert from "node:assert/strict";
import { COMMANDS } from "../../../provider/server/src/cli/run-command.ts";
import { runProgram } from "../../support/command.ts";

describe("the program's command line", () => {
  it("explains the program and each command, without touching anything", async () => {
    const program = await runProgram(["--help"], {});
    assert.deepEqual([program.code, program.errors], [0, ""]);
    for (const { name, summary, options } of COMMANDS) {
      assert.ok(program.output.includes(`  ${name} `), name);
      const { code, output, errors } = await runProgram([...name.split(" "), "--help"], {});
      assert.deepEqual([code, errors], [0, ""]);
      assert.ok(output.startsWith(`Usage: moorage ${name}`) && output.includes(summary));
      for (const option of options) {
        assert.ok(output.includes(`--${option.name}`) && output.includes(option.meaning));
      }
    }
  });

  it("tells the version", async () => {
    const { code, output } = await runProgram(["--version"], {});
    assert.equal(code, 0);
    assert.match(output, /^moorage \d+\.\d+\.\d+\n$/);
  });

  it("that is not understood ends with 2 and says what would be right", async () => {
    for (const [args, sentence] of [
      [["backup"], /^moorage: --to <directory> is required\n/],
      [["backup", "--to", "x", "--keep", "0"], /--keep: expected a number from 1 on/],
      [["backup", "--to", "x", "--fast"], /Unknown option '--fast'/],
      [["serve", "--port", "5"], /Unknown option '--port'/],
      [["restor"], /there is no command "restor"; expected one of serve, backup, restore/],
    ] as const) {
      const { code, output, errors } = await runProgram(args, {});
      assert.deepEqual([code, output], [2, ""], args.join(" "));
      assert.match(errors, sentence);
    }
  });

  it("that cannot be done ends with 1 and one sentence, without a stack", async () => {
    for (const args of [
      ["backup", "--to", "/proc/none", "--data-dir", "/nonexistent"],
      ["restore", "--from", "/nonexistent", "--data-dir", "/nonexistent/there"],
      ["rotate-key", "--data-dir", "/nonexistent"],
    ]) {
      const { code, output, errors } = await runProgram(args, {});
      assert.deepEqual([code, output], [1, ""], args.join(" "));
      assert.match(errors, /^moorage: /);
      assert.doesNotMatch(errors, /^ {4}at /m);
    }
  });
});
