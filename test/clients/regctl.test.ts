import assert from "node:assert/strict";
import { writeFile } from "node:fs/promises";
import { obtainClient } from "../../tools/obtain/obtain.ts";
import { printProgress } from "../../tools/obtain/progress.ts";
import { REGCTL } from "../../tools/obtain/tool.ts";
import { ClientHome } from "../support/client-home.ts";
import { writeIndex } from "../support/oci-layout.ts";
import { type RegistryUnderTest, startRegistry } from "../support/registry-under-test.ts";

describe("regctl", function () {
  this.timeout(300_000);
  let under: RegistryUnderTest;
  let home: ClientHome;
  let regctl: string;

  before(async () => {
    regctl = await obtainClient(REGCTL, printProgress);
    under = await startRegistry();
    home = await ClientHome.make();
    const { host } = under.server;
    const { username, password } = under.token;
    await run("registry", "set", "--tls", "disabled", host);
    await run("registry", "login", "--user", username, "--pass", password, host);
  });
  after(async () => {
    await under.server.stop();
    await home.remove();
  });

  const remote = (name: string) => `${under.server.host}/shop/${name}`;
  const run = (...args: string[]) => home.run(regctl, ...args);
  const lines = (output: string) => output.split("\n").filter((line) => line !== "");

  it("copies a multi-platform index there and back, digest for digest", async () => {
    const index = await writeIndex(home.file("index"), ["amd64", "arm64"]);
    await run("image", "copy", `ocidir://${index.path}:latest`, remote("multi:1"));
    assert.deepEqual(lines(await run("image", "digest", remote("multi:1"))), [index.digest]);
    const back = `ocidir://${home.file("back")}:latest`;
    await run("image", "copy", remote("multi:1"), back);
    assert.deepEqual(lines(await run("image", "digest", back)), [index.digest]);
  });

  it("attaches an artifact to an image and finds it through the referrers API", async () => {
    const index = await writeIndex(home.file("subject"), ["amd64"]);
    await run("image", "copy", `ocidir://${index.path}:latest`, remote("signed:1"));
    await writeFile(home.file("sbom.txt"), "one part of it");
    const type = "application/vnd.example.sbom";
    const subject = remote("signed:1");
    const file = ["--file", home.file("sbom.txt")];
    await run("artifact", "put", "--artifact-type", type, ...file, "--subject", subject);
    const list = await run("artifact", "list", "--format", "{{json .}}", subject);
    const { descriptors } = JSON.parse(list);
    assert.equal(descriptors.length, 1);
    assert.equal(descriptors[0].artifactType, type);
    const digest = descriptors[0].digest;
    assert.equal(await run("artifact", "get", remote(`signed@${digest}`)), "one part of it");
    assert.deepEqual(lines(await run("tag", "ls", remote("signed"))), ["1"], "no fallback tag");
  });

  it("deletes one tag and leaves the others, and deletes a manifest", async () => {
    const index = await writeIndex(home.file("tagged"), ["amd64"]);
    const source = `ocidir://${index.path}:latest`;
    await run("image", "copy", source, remote("tags:a"));
    await run("image", "copy", remote("tags:a"), remote("tags:b"));
    await run("tag", "delete", remote("tags:a"));
    assert.deepEqual(lines(await run("tag", "ls", remote("tags"))), ["b"]);
    await run("manifest", "delete", remote(`tags@${index.digest}`));
    assert.deepEqual(lines(await run("tag", "ls", remote("tags"))), []);
  });
});
