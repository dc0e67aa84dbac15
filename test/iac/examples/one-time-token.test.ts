import assert from "node:assert/strict";
import { ExampleRun } from "../../support/example-run.ts";
import { basic } from "../../support/management.ts";

// One story: each step needs the ones before it.
describe("the example of one-time tokens", function () {
  this.timeout(600_000);
  let example: ExampleRun;
  before(async () => {
    example = await ExampleRun.open("one-time-token");
  });
  after(() => example?.close());

  const status = async (): Promise<number> => {
    const { username, password } = await example.outputs();
    const answer = await fetch(`${example.url}/v2/`, {
      headers: {
        authorization: basic({ username: String(username), password: String(password) }),
      },
    });
    await answer.arrayBuffer();
    return answer.status;
  };

  it("pushes an image with the token of its run", async () => {
    const printed = await example.step("A run");
    assert.match(printed, /3 created/);
    assert.match(printed, /Writing manifest/);
  });

  it("has spent the token by that", async () => {
    assert.equal(await status(), 401);
    const again = `skopeo copy --insecure-policy --dest-tls-verify=false tarball:.moorage/layer.tar "docker://${(await example.outputs())["endpoint"]}/app:17"`;
    assert.match(await example.refused(again), /unauthorized|authentication required|denied/i);
  });

  it("gets a new one in the next run, and leaves nothing behind", async () => {
    await example.step("The next run");
    assert.equal(await status(), 200);
    assert.match(await example.step("Down"), /3 deleted/);
    assert.deepEqual(example.left, []);
  });
});
