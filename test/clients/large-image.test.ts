import assert from "node:assert/strict";
import { rm } from "node:fs/promises";
import { obtainClient } from "../../tools/obtain/obtain.ts";
import { printProgress } from "../../tools/obtain/progress.ts";
import { CRANE } from "../../tools/obtain/tool.ts";
import { ClientHome } from "../support/client-home.ts";
import {
  blobFile,
  digestOfFile,
  type LargeImage,
  writeLargeImage,
} from "../support/large-image.ts";
import { type RegistryUnderTest, startRegistry } from "../support/registry-under-test.ts";

const LAYER_MEBIBYTES = [256, 128, 100, 16];

describe("an image of 500 MiB with a layer of 256 MiB", function () {
  this.timeout(300_000);
  let under: RegistryUnderTest;
  let home: ClientHome;
  let image: LargeImage;

  before(async () => {
    under = await startRegistry();
    home = await ClientHome.make();
    image = await writeLargeImage(home.file("image"), LAYER_MEBIBYTES);
  });
  after(async () => {
    await under.server.stop();
    await home.remove();
  });
  afterEach(() => rm(home.file("back"), { recursive: true, force: true }));

  const remote = (name: string) => `${under.server.host}/shop/${name}`;

  /** Fails unless every byte of every layer is what was pushed. */
  async function assertSame(path: string): Promise<void> {
    for (const { digest } of [image.manifest, ...image.layers]) {
      assert.equal(await digestOfFile(blobFile(path, digest)), digest);
    }
  }

  it("comes back from skopeo as it went", async () => {
    const { username, password } = under.token;
    const by = `${username}:${password}`;
    // Kept from compressing what cannot be compressed.
    const copy = ["copy", "--insecure-policy", "--preserve-digests"];
    const docker = `docker://${remote("by-skopeo:1")}`;
    const push = ["--dest-tls-verify=false", "--dest-creds", by];
    await home.run("skopeo", ...copy, ...push, `oci:${home.file("image")}:latest`, docker);
    const pull = ["--src-tls-verify=false", "--src-creds", by];
    await home.run("skopeo", ...copy, ...pull, docker, `oci:${home.file("back")}:latest`);
    await assertSame(home.file("back"));
  });

  it("comes back from crane as it went", async () => {
    const crane = await obtainClient(CRANE, printProgress);
    const { username, password } = under.token;
    const by = ["--username", username, "--password", password];
    await home.run(crane, "auth", "login", ...by, under.server.host);
    await home.run(crane, "--insecure", "push", home.file("image"), remote("by-crane:1"));
    const pull = ["pull", "--format=oci", remote("by-crane:1"), home.file("back")];
    await home.run(crane, "--insecure", ...pull);
    await assertSame(home.file("back"));
  });
});
