import assert from "node:assert/strict";
import { COMMANDS, runCommand } from "../../../provider/server/src/cli/run-command.ts";

async function run(...args: readonly string[]) {
  const printed: string[] = [];
  const noted: string[] = [];
  const code = await runCommand(args, {
    environment: { MOORAGE_DATA_DIR: "/nowhere/at/all" },
    print: (line) => printed.push(line),
    note: (line) => noted.push(line),
  });
  return { code, printed: printed.join("\n"), noted: noted.join("\n") };
}

describe("the command line", () => {
  it("explains the program, with every command, also where one is only begun", async () => {
    for (const args of [["--help"], ["-h"], ["help"], ["organization", "--help"]]) {
      const { code, printed, noted } = await run(...args);
      assert.deepEqual([code, noted], [0, ""]);
      for (const { name, summary } of COMMANDS) {
        assert.ok(printed.includes(name) && printed.includes(summary), name);
      }
    }
  });

  it("explains each command, with every option", async () => {
    for (const { name, options } of COMMANDS) {
      const { code, printed } = await run(...name.split(" "), "--help");
      assert.equal(code, 0);
      assert.ok(printed.startsWith(`Usage: moorage ${name}`), printed);
      for (const option of options) {
        const sign = "isFlag" in option ? `--${option.name}` : `--${option.name} <`;
        assert.ok(printed.includes(sign) && printed.includes(option.meaning), option.name);
      }
    }
  });

  it("fits a terminal's width in whatever it explains", async () => {
    const pages = await Promise.all([
      run("--help"),
      ...COMMANDS.map(({ name }) => run(...name.split(" "), "--help")),
    ]);
    for (const { printed } of pages) {
      assert.deepEqual(
        printed.split("\n").filter((line) => line.length > 100),
        [],
      );
    }
  });

  it("is told what would be right where it is wrong", async () => {
    for (const [args, expected] of [
      [["organisation"], /no command "organisation"; expected one of .*, organization create/],
      [["organization"], /no command "organization"; expected one of/],
      [["organisation", "--help"], /no command "organisation"/],
      [["--data-dir", "x"], /no command "--data-dir"/],
      [
        ["organization", "create"],
        /--name <name> is required\n--owner-email <address> is required/,
      ],
      [["organization", "create", "--name", "A"], /^moorage: --owner-email/],
      [["organization", "create", "--nam", "A"], /--nam/],
      [["user", "reset-password", "--email", "nobody"], /email must be an e-mail address/],
      [["user", "reset-password", "--email"], /--email/],
      [["organization", "list", "--all"], /--all/],
    ] as const) {
      const { code, printed, noted } = await run(...args);
      assert.deepEqual([code, printed], [2, ""], args.join(" "));
      assert.match(noted, expected);
      assert.match(
        noted,
        /"moorage (?:--help" lists the commands|[a-z -]+ --help" lists its options)$/,
      );
    }
  });

  it("is told of a word that no option takes, and where that command's options stand", async () => {
    const { code, noted } = await run("user", "reset-password", "ann@example.com");
    assert.equal(code, 2);
    assert.equal(
      noted,
      'moorage: "user reset-password" takes options only; expected one in front of "ann@example.com"\n"moorage user reset-password --help" lists its options',
    );
    const { printed } = await run("help", "user", "reset-password");
    assert.ok(printed.startsWith("Usage: moorage user reset-password --email <address>"), printed);
  });

  it("makes no installation where there is none", async () => {
    const { code, printed, noted } = await run("organization", "list");
    assert.deepEqual([code, printed], [1, ""]);
    assert.match(
      noted,
      /^moorage: the settings are not right\nMOORAGE_DATA_DIR: \/nowhere\/at\/all /,
    );
  });
});
