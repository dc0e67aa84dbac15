import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { join, posix } from "node:path";
import { markdownFiles, page, withoutCode } from "./markdown.ts";
import { REPOSITORY, textOf } from "./repository-files.ts";

describe("the documentation", () => {
  it("has links that lead somewhere", () => {
    assert.deepEqual(
      markdownFiles().flatMap((path) => brokenLinks(path, page(path))),
      [],
    );
  });

  it("names only commands that exist", () => {
    const scripts = new Set(Object.keys(packageScripts()));
    const unknown = markdownFiles().flatMap((path) =>
      npmCommands(page(path))
        .filter((command) => !scripts.has(command))
        .map((command) => `${path}: npm run ${command}`),
    );
    assert.deepEqual(unknown, []);
  });

  it("shows the two commands that everything starts with", () => {
    const lines = page("README.md").split("\n");
    assert.ok(lines.includes("npm install && npm run up"));
    assert.ok(lines.includes("npm install && npm test"));
  });

  it("names every script somewhere", () => {
    const named = new Set(markdownFiles().flatMap((path) => npmCommands(page(path))));
    assert.deepEqual(
      Object.keys(packageScripts()).filter((script) => !named.has(script)),
      [],
    );
  });

  it("numbers its decisions without a gap in meaning: each number once", () => {
    const numbers = markdownFiles()
      .filter((path) => path.startsWith("docs/decisions/"))
      .map((path) => /^(\d{4})-[a-z0-9-]+\.md$/.exec(posix.basename(path))?.[1] ?? path);
    assert.deepEqual(numbers, [...new Set(numbers)]);
    assert.ok(
      numbers.every((number) => /^\d{4}$/.test(number)),
      numbers.join(" "),
    );
  });

  it("is noticed to have a link that leads nowhere", () => {
    const links =
      "[a](nowhere.md) [b](../package.json) [c](#heading) [d](#gone) [e](https://e.example)";
    assert.deepEqual(brokenLinks("docs/a.md", `# Heading\n${links}`), [
      "docs/a.md: nowhere.md",
      "docs/a.md: #gone",
    ]);
  });
});

function brokenLinks(path: string, markdown: string): string[] {
  const text = withoutCode(markdown).replace(/`[^`\n]*`/g, "");
  const targets = [...text.matchAll(/\]\(([^)\s]+)(?:\s+"[^"]*")?\)/g)].map(
    ([, target = ""]) => target,
  );
  return targets
    .filter((target) => !/^[a-z]+:/.test(target))
    .filter((target) => {
      const [file = "", anchor] = target.split("#");
      const found = file === "" ? path : posix.join(posix.dirname(path), file);
      const isThere = existsSync(join(REPOSITORY, found)) || found === path;
      const headings =
        anchor === undefined || !isThere ? [] : anchorsOf(found === path ? markdown : page(found));
      return !isThere || (anchor !== undefined && !headings.includes(anchor));
    })
    .map((target) => `${path}: ${target}`);
}

/** The names that headings get where pages are shown. */
function anchorsOf(markdown: string): string[] {
  return [...withoutCode(markdown).matchAll(/^#+ (.+)$/gm)].map(([, heading = ""]) =>
    heading
      .toLowerCase()
      .replace(/[^\p{L}\p{N}\s_-]/gu, "")
      .replace(/\s/g, "-"),
  );
}

function npmCommands(markdown: string): string[] {
  const run = [...markdown.matchAll(/\bnpm run ([a-z][a-z:-]*)/g)].map(([, name = ""]) => name);
  const short = [...markdown.matchAll(/\bnpm (start|test)\b/g)].map(([, name = ""]) => name);
  return [...run, ...short];
}

function packageScripts(): Readonly<Record<string, string>> {
  const manifest = JSON.parse(textOf("package.json") ?? "{}") as {
    scripts: Record<string, string>;
  };
  return manifest.scripts;
}
