import assert from "node:assert/strict";
import { repositoryFiles, textOf } from "./repository-files.ts";

// What must not be found is written here in pieces, so that this file does not contain it.

/** Folders of one machine or one person. A page may name what every installation has, `/var/lib` for example. */
const MACHINE_PATHS = ["home", "root", "Users", "work"].map(
  (folder) => new RegExp(`(?<![\\w.~}*-])/${folder}/[\\w.-]`),
);

/** Where packages come from is for each machine's own configuration to say. */
const PACKAGE_REGISTRIES = [
  ["registry", "npmjs", "org"],
  ["registry", "yarnpkg", "com"],
  ["npm", "pkg", "github", "com"],
  ["proxy", "golang", "org"],
  ["sum", "golang", "org"],
  ["goproxy", "io"],
  ["files", "pythonhosted", "org"],
  ["pypi", "org"],
  ["static", "crates", "io"],
  ["rubygems", "org"],
  ["repo1", "maven", "org"],
].map((parts) => new RegExp(`\\b${parts.join("\\.")}\\b`, "i"));

/** Forms of secrets that can be told by their looks. */
const SECRETS = [
  new RegExp(["-----BEGIN [A-Z ]*PRIVATE", "KEY-----"].join(" ")),
  new RegExp(["\\b(?:AKIA|ASIA)", "[0-9A-Z]{16}\\b"].join("")),
  new RegExp(["\\bgh[opsru]", "_[A-Za-z0-9]{36}\\b"].join("")),
  new RegExp(["\\bgithub", "_pat_[A-Za-z0-9_]{50,}\\b"].join("")),
  new RegExp(["\\bnpm", "_[A-Za-z0-9]{36}\\b"].join("")),
  new RegExp(["\\bpul", "-[0-9a-f]{40}\\b"].join("")),
  new RegExp(["\\bxox[abprs]", "-[A-Za-z0-9-]{10,}"].join("")),
  // A password within an address. What has brackets, braces or a $ is a placeholder.
  /:\/\/[^/\s:@`'"<>{}[\]$]+:[^/\s:@`'"<>{}[\]$…]{8,}@/,
  // A token of this registry. Repeated characters are a test's stand-in.
  new RegExp(["\\bmrg", "_(?!(.)\\1{7})[A-Za-z0-9_-]{43}\\b"].join("")),
];

describe("the project's files", () => {
  it("name no folder of one machine", () => {
    assert.deepEqual(findings(MACHINE_PATHS), []);
  });

  it("name no host that packages come from", () => {
    assert.deepEqual(findings(PACKAGE_REGISTRIES), []);
  });

  it("hold no secret", () => {
    assert.deepEqual(findings(SECRETS), []);
  });

  it("end with a line break and have none of another system", () => {
    const odd = repositoryFiles().filter((path) => {
      const text = textOf(path);
      return text !== undefined && text !== "" && (!text.endsWith("\n") || text.includes("\r\n"));
    });
    assert.deepEqual(odd, []);
  });

  it("are noticed when they break these rules", () => {
    const breaks = (rules: readonly RegExp[], ...parts: string[]) => {
      const text = parts.join("");
      assert.ok(
        rules.some((rule) => rule.test(text)),
        text,
      );
    };
    breaks(MACHINE_PATHS, "see /ho", "me/ann/project");
    breaks(MACHINE_PATHS, '"file:///Us', 'ers/ann/project"');
    breaks(PACKAGE_REGISTRIES, "https://registry.np", "mjs.org/zod");
    breaks(SECRETS, "-----BEGIN EC PRIVATE", " KEY-----");
    breaks(SECRETS, "AKIA", "ABCDEFGHIJKLMNOP");
    breaks(SECRETS, "postgres://ann:", "correcthorse@db/moorage");
    breaks(SECRETS, "mrg", `_${"aB3_-9Zx".repeat(5)}abc`);
    assert.ok(!MACHINE_PATHS.some((rule) => rule.test("GET /v2/team/work/manifests/1")));
  });
});

function findings(rules: readonly RegExp[]): string[] {
  return repositoryFiles().flatMap((path) => {
    const lines = textOf(path)?.split("\n") ?? [];
    return lines.flatMap((line, index) => {
      const rule = rules.find((each) => each.test(line));
      return rule === undefined
        ? []
        : [`${path}:${index + 1}: ${rule.exec(line)?.[0].slice(0, 12)}…`];
    });
  });
}
