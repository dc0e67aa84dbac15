import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import path from "node:path";
import { REPOSITORY } from "../../tools/repository.ts";
import { TutorialRun } from "../support/tutorial-run.ts";

const STACK = "examples/quickstart/index.ts";

// One story: each step needs the ones before it.
describe("the tutorial", function () {
  this.timeout(600_000);
  const page = readFileSync(path.join(REPOSITORY, "docs/tutorial.md"), "utf8");
  let tutorial: TutorialRun;
  before(async () => {
    tutorial = await TutorialRun.open();
  });
  after(() => tutorial?.close());

  it("gets from a clone to a registry", async () => {
    const printed = await tutorial.step("1. Up", true);
    assert.match(printed, /Registry quickstart created/);
  });

  it("shows the outputs that there are", async () => {
    const printed = await tutorial.step("2. Look at what there is");
    const names = (text: string) =>
      [...text.matchAll(/^ {4}(\w+) {2,}\S/gm)].map(([, name]) => name);
    const [, shown = ""] = /^```\n( +OUTPUT[\s\S]*?)^```$/m.exec(page) ?? [];
    assert.ok(names(shown).length > 5);
    assert.deepEqual(names(printed), names(shown));
  });

  it("logs in, by docker's name and by podman's", async () => {
    const printed = await tutorial.step("3. Log in");
    assert.equal(printed.match(/Login Succeeded/g)?.length, 2);
  });

  it("pushes and pulls, and is refused where the page says so", async () => {
    const printed = await tutorial.refused("4. Push and pull");
    const [, refusal = ""] = /The push is refused: `denied: ([^`]+)`/.exec(page) ?? [];
    assert.ok(refusal !== "" && printed.includes(refusal), printed);
  });

  it("changes one resource in place, and then has nothing to change", async () => {
    await tutorial.change(STACK, 'days: ["Sunday"]', 'days: ["Saturday", "Sunday"]');
    assert.match(await tutorial.step("5. Change something"), /1 updated/);
    assert.match(await tutorial.command("npm run up"), /There is nothing to change/);
  });

  it("makes the CI token anew", async () => {
    const [, trigger = ""] = /^ +(triggers: .*,)$/m.exec(page) ?? [];
    const start = 'const ci = new Token("ci", {';
    assert.ok(trigger !== "" && page.includes(start));
    await tutorial.change(STACK, start, `${start}\n  ${trigger}`);
    assert.match(await tutorial.command("npm run up"), /1 replaced/);
  });

  it("finds no content in clear", async () => {
    assert.match(await tutorial.step("6. See that it is encrypted"), /^not in clear$/m);
  });

  it("takes everything away", async () => {
    assert.match(await tutorial.step("7. Down"), /Registry quickstart deleted/);
    assert.deepEqual(tutorial.left, []);
  });
});
