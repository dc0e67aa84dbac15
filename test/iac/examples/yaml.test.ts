import assert from "node:assert/strict";
import { ExampleRun } from "../../support/example-run.ts";

// One story: each step needs the ones before it.
describe("the example in YAML", function () {
  this.timeout(600_000);
  let example: ExampleRun;
  before(async () => {
    example = await ExampleRun.open("yaml");
  });
  after(() => example?.close());

  it("makes what it declares", async () => {
    assert.match(await example.step("Up"), /5 created/);
    const { endpoint, ciUsername } = await example.outputs();
    assert.match(String(endpoint), /^127\.0\.0\.1:\d+\/shop-[0-9a-f]{7}$/);
    assert.match(String(ciUsername), /^ci-/);
    const printed = await example.step("Look");
    assert.match(printed, /ciPassword +\[secret\]/);
  });

  it("has nothing to change afterwards, and leaves nothing behind", async () => {
    await example.step("Again");
    assert.match(await example.step("Down"), /5 deleted/);
    assert.deepEqual(example.left, []);
  });
});
