import assert from "node:assert/strict";
import { ExampleRun } from "../../support/example-run.ts";
import { freePort } from "../../support/free-port.ts";

// One story: each step needs the ones before it.
describe("the example of a move from another registry", function () {
  this.timeout(600_000);
  let example: ExampleRun;
  before(async () => {
    const old = `127.0.0.1:${await freePort()}`;
    example = await ExampleRun.open("registry-migration", { OLD_REGISTRY: old });
    await example.step("A registry to try it with");
  });
  after(async () => {
    await example?.shell('kill "$(cat .moorage/old/pid)" || true');
    await example?.close();
  });

  it("copies every tag of every repository, under its digest", async () => {
    assert.match(await example.step("Up"), /4 created/);
    assert.match(await example.step("Copy"), /Synced 2 images from 1 sources/);
    const digests = (await example.step("Compare")).trim().split("\n");
    assert.match(digests[0] ?? "", /^sha256:/);
    assert.deepEqual(digests, [digests[0], digests[0]]);
  });

  it("gives those who pull a secret of their own", async () => {
    const { endpoint, pullSecret } = await example.outputs();
    const list = async (repository: string) =>
      example.shell(
        `printf %s "$SECRET" >.moorage/pull.json && skopeo list-tags --authfile .moorage/pull.json --tls-verify=false "docker://${endpoint}/${repository}"`,
        { SECRET: String(pullSecret) },
      );
    assert.match(await list("hello"), /"1"/);
    assert.match(await list("team/app"), /"1",\s+"2"/);
  });

  it("leaves nothing behind", async () => {
    assert.match(await example.step("Down"), /4 deleted/);
    assert.deepEqual(example.left, []);
  });
});
