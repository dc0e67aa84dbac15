import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { obtainClient } from "../../tools/obtain/obtain.ts";
import { printProgress } from "../../tools/obtain/progress.ts";
import { CRANE } from "../../tools/obtain/tool.ts";
import { ClientHome } from "../support/client-home.ts";
import { digestOf } from "../support/content.ts";
import { type Credentials, type MadeToken, makeToken, PULL_ONLY } from "../support/management.ts";
import { type LayoutImage, writeIndex, writeNodeImage } from "../support/oci-layout.ts";
import { type RegistryUnderTest, startRegistry } from "../support/registry-under-test.ts";

describe("crane", function () {
  this.timeout(300_000);
  let under: RegistryUnderTest;
  let home: ClientHome;
  let crane: string;
  let image: LayoutImage;
  let puller: MadeToken;

  before(async () => {
    crane = await obtainClient(CRANE, printProgress);
    under = await startRegistry();
    home = await ClientHome.make();
    image = await writeNodeImage(home.file("node"));
    puller = await makeToken(under.server.url, under.registry, "puller", [PULL_ONLY]);
  });
  after(async () => {
    await under.server.stop();
    await home.remove();
  });
  beforeEach(() => logIn(under.token));
  afterEach(() => home.run(crane, "auth", "logout", under.server.host));

  const remote = (name: string) => `${under.server.host}/shop/${name}`;
  const run = (...args: string[]) => home.run(crane, "--insecure", ...args);
  const fail = (...args: string[]) => home.fail(crane, "--insecure", ...args);
  const lines = (output: string) => output.split("\n").filter((line) => line !== "");

  /** Crane takes every password; it is the registry that finds out. */
  function logIn({ username, password }: Credentials): Promise<string> {
    return run("auth", "login", "--username", username, "--password", password, under.server.host);
  }

  async function digestOfLayout(path: string): Promise<string | undefined> {
    const index = JSON.parse(await readFile(join(path, "index.json"), "utf8"));
    return index.manifests[0]?.digest;
  }

  it("pushes a real image of more than 50 MB and pulls it back, digest for digest", async () => {
    assert.ok(image.bytes > 50_000_000, `${image.bytes} bytes`);
    await run("push", image.path, remote("team/node:1"));
    assert.deepEqual(lines(await run("digest", remote("team/node:1"))), [image.digest]);
    await run("pull", "--format=oci", remote("team/node:1"), home.file("back"));
    assert.equal(await digestOfLayout(home.file("back")), image.digest);
    assert.match(await run("validate", "--remote", remote("team/node:1")), /^PASS/);
  });

  it("pulls with a token that may pull, and is refused a push: 403 DENIED", async () => {
    await run("push", image.path, remote("team/node:1"));
    await logIn(puller);
    const byDigest = remote(`team/node@${image.digest}`);
    await run("pull", "--format=oci", byDigest, home.file("pulled"));
    assert.equal(await digestOfLayout(home.file("pulled")), image.digest);
    assert.match(await fail("push", image.path, remote("team/other:1")), /DENIED/);
    assert.match(await fail("delete", byDigest), /DENIED/);
  });

  it("gets nothing without credentials, and nothing with a wrong password", async () => {
    await run("push", image.path, remote("team/node:1"));
    await run("auth", "logout", under.server.host);
    assert.match(await fail("manifest", remote("team/node:1")), /unauthorized/i);
    assert.match(await fail("push", image.path, remote("team/node:2")), /unauthorized/i);
    await logIn({ username: "ci", password: "not-the-password" });
    assert.match(await fail("manifest", remote("team/node:1")), /unauthorized/i);
    assert.match(await fail("push", image.path, remote("team/node:2")), /unauthorized/i);
  });

  it("pushes a multi-platform index and chooses an image of it", async () => {
    const index = await writeIndex(home.file("index"), ["amd64", "arm64"]);
    await run("push", "--index", index.path, remote("multi:1"));
    const top = digestOf(await readFile(join(index.path, "index.json")));
    assert.deepEqual(lines(await run("digest", remote("multi:1"))), [top]);
    const inner = remote(`multi@${index.digest}`);
    const config = await run("config", "--platform", "linux/arm64", inner);
    assert.equal(JSON.parse(config).architecture, "arm64");
  });

  it("copies between repositories by mounting, tags, lists and deletes", async () => {
    await run("push", image.path, remote("from:1"));
    await run("copy", remote("from:1"), remote("to:a"));
    await run("tag", remote("to:a"), "b");
    assert.deepEqual(lines(await run("digest", remote("to:b"))), [image.digest]);
    assert.deepEqual(lines(await run("ls", remote("to"))), ["a", "b"]);
    assert.ok(lines(await run("catalog", under.server.host)).includes("shop/to"));
    await run("delete", remote("to:a"));
    assert.deepEqual(lines(await run("ls", remote("to"))), ["b"]);
    await run("delete", remote(`to@${image.digest}`));
    assert.deepEqual(lines(await run("ls", remote("to"))), []);
    assert.match(await fail("manifest", remote("to:b")), /MANIFEST_UNKNOWN/);
    assert.deepEqual(lines(await run("digest", remote("from:1"))), [image.digest]);
  });
});
