import assert from "node:assert/strict";
import { shellBlocks } from "../support/shell-blocks.ts";
import { markdownFiles, page } from "./markdown.ts";
import { repositoryFiles, textOf } from "./repository-files.ts";

const README = /^examples\/([a-z0-9-]+)\/README\.md$/;

describe("the examples", () => {
  const examples = markdownFiles().flatMap((path) => README.exec(path)?.[1] ?? []);

  it("are listed on one page", () => {
    const list = page("examples/README.md");
    assert.deepEqual(
      examples.filter((name) => !list.includes(`](${name}/README.md)`)),
      [],
    );
  });

  it("have READMEs whose every shell block is run by a test", () => {
    const tests = repositoryFiles()
      .filter((path) => path.startsWith("test/iac/examples/"))
      .map((path) => textOf(path) ?? "");
    const unrun = examples
      // Its commands are those of the repository's own README, and are run with them.
      .filter((name) => name !== "quickstart")
      .flatMap((name) => {
        const test = tests.find((text) => text.includes(`"${name}"`)) ?? "";
        return [...shellBlocks(`examples/${name}/README.md`).keys()]
          .filter((heading) => !test.includes(`"${heading}"`))
          .map((heading) => `examples/${name}/README.md: ${heading}`);
      });
    assert.deepEqual(unrun, []);
  });

  it("are each run by some test", () => {
    const tests = repositoryFiles()
      .filter((path) => path.startsWith("test/") && path !== "test/architecture/examples.test.ts")
      .map((path) => textOf(path) ?? "");
    const isRun = (name: string) =>
      tests.some((text) => text.includes(`examples/${name}`) || text.includes(`"${name}"`));
    assert.deepEqual(
      examples.filter((name) => !isRun(name)),
      [],
    );
  });
});
