import assert from "node:assert/strict";
import { mkdir, writeFile } from "node:fs/promises";
import path from "node:path";
import { ClientHome } from "../../support/client-home.ts";
import { ExampleRun } from "../../support/example-run.ts";
import { makeRegistry, makeToken } from "../../support/management.ts";
import { writeSmallImage } from "../../support/oci-layout.ts";
import { RunningServer } from "../../support/running-server.ts";

// One story: each step needs the ones before it.
describe("the example of a public mirror", function () {
  this.timeout(600_000);
  let source: RunningServer;
  let home: ClientHome;
  let example: ExampleRun;
  before(async () => {
    // In place of docker.io: a server of our own, which skopeo is told to ask instead.
    source = await RunningServer.start({ MOORAGE_WORKERS: "1" });
    home = await ClientHome.make();
    const hub = await makeRegistry(source.url, "hub", { visibility: "public" });
    const { username, password } = await makeToken(source.url, hub, "filler");
    const image = await writeSmallImage(home.file("image"));
    for (const name of ["library/busybox:stable", "library/hello-world:latest"]) {
      const target = `docker://${source.host}/hub/${name}`;
      const as = ["--dest-tls-verify=false", "--dest-creds", `${username}:${password}`];
      const from = `oci:${image.path}:latest`;
      await home.run("skopeo", "copy", "--insecure-policy", ...as, from, target);
    }
    const configuration = path.join(home.path, ".config", "containers");
    await mkdir(configuration, { recursive: true });
    const mapping = `prefix = "docker.io"\nlocation = "${source.host}/hub"\ninsecure = true\n`;
    await writeFile(path.join(configuration, "registries.conf"), `[[registry]]\n${mapping}`);
    example = await ExampleRun.open("public-mirror", { HOME: home.path });
  });
  after(async () => {
    await example?.close();
    await home?.remove();
    await source?.stop();
  });

  it("holds what the list names, once its job has run", async () => {
    assert.match(await example.step("Up"), /4 created/);
    assert.match(await example.step("Fill"), /Synced 2 images from 2 sources/);
  });

  it("lets anyone pull, and nobody push", async () => {
    assert.match(await example.step("Pull"), /"schemaVersion":2/);
    const { endpoint } = await example.outputs();
    const name = String(endpoint).split("/")[1];
    const push = await fetch(`${example.url}/v2/${name}/busybox/blobs/uploads/`, {
      method: "POST",
    });
    assert.equal(push.status, 401);
  });

  it("does not fetch what the list does not name", async () => {
    const { endpoint } = await example.outputs();
    const name = String(endpoint).split("/")[1];
    const answer = await fetch(`${example.url}/v2/${name}/alpine/manifests/latest`);
    assert.equal(answer.status, 404);
  });

  it("leaves nothing behind", async () => {
    assert.match(await example.step("Down"), /4 deleted/);
    assert.deepEqual(example.left, []);
  });
});
