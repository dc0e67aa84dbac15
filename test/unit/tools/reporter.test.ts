import assert from "node:assert/strict";
import { writeFile } from "node:fs/promises";
import path from "node:path";
import { type RunResult, run } from "../../../tools/obtain/run.ts";
import { REPOSITORY } from "../../../tools/repository.ts";
import { temporaryDirectory } from "../../support/temporary-directory.ts";

const MOCHA = path.join(REPOSITORY, "node_modules", "mocha", "bin", "mocha.js");
const ONE_OF_EACH = `
  it("passes", () => {});
  it("fails", () => { throw new Error("on purpose"); });
  it("is skipped");
`;

describe("the test report", () => {
  let folder: string;
  let remove: () => Promise<void>;

  beforeEach(async () => {
    ({ path: folder, remove } = await temporaryDirectory());
  });
  afterEach(() => remove());

  async function report(tests: string, environment: NodeJS.ProcessEnv): Promise<RunResult> {
    const file = path.join(folder, "some.test.cjs");
    await writeFile(file, tests);
    const { CI: _, ...inherited } = process.env;
    return run(process.execPath, [MOCHA, "--reporter", "test/support/reporter.js", file], {
      folder: REPOSITORY,
      environment: { ...inherited, ...environment },
    });
  }

  it("ends with one line of counts", async () => {
    const { code, output } = await report(ONE_OF_EACH, {});
    assert.match(output, /\n1 passed, 1 failed, 1 skipped\n$/);
    assert.equal(code, 1);
  });

  it("counts a skipped test as failed in CI, and names it", async () => {
    const { code, output } = await report(ONE_OF_EACH, { CI: "true" });
    assert.match(output, /must run: is skipped\n/);
    assert.match(output, /\n1 passed, 2 failed, 0 skipped\n$/);
    assert.equal(code, 2);
  });

  it("counts a failed hook as a failure", async () => {
    const tests = `before(() => { throw new Error("on purpose"); }); it("never runs", () => {});`;
    const { code, output } = await report(tests, {});
    assert.match(output, /\n0 passed, 1 failed, 0 skipped\n$/);
    assert.equal(code, 1);
  });

  it("succeeds when all is well", async () => {
    const { code, output } = await report(`it("passes", () => {});`, { CI: "true" });
    assert.match(output, /\n1 passed, 0 failed, 0 skipped\n$/);
    assert.equal(code, 0);
  });
});
