import assert from "node:assert/strict";
import { ExampleRun } from "../../support/example-run.ts";

for (const { name, title, steps } of [
  { name: "python", title: "Python", steps: ["The SDK"] },
  { name: "go", title: "Go", steps: [] },
]) {
  // One story: each step needs the ones before it.
  describe(`the example in ${title}`, function () {
    // What it is compiled with, or installs, comes to a fresh machine first.
    this.timeout(1_200_000);
    let example: ExampleRun;
    before(async () => {
      example = await ExampleRun.open(name);
      for (const step of steps) await example.step(step);
    });
    after(() => example?.close());

    it("makes what it declares", async () => {
      assert.match(await example.step("Up"), /5 created/);
      const { ciUsername, ciPassword, pullPassword } = await example.outputs();
      assert.match(String(ciUsername), /^ci-/);
      assert.match(String(ciPassword), /^\S{20,}$/);
      assert.notEqual(ciPassword, pullPassword);
    });

    it("has nothing to change afterwards, and leaves nothing behind", async () => {
      await example.step("Again");
      assert.match(await example.step("Down"), /5 deleted/);
      assert.deepEqual(example.left, []);
    });
  });
}
