import assert from "node:assert/strict";
import { ClientHome } from "../support/client-home.ts";
import { DOCKER_MANIFEST, digestOf } from "../support/content.ts";
import { type MadeToken, makeToken, PULL_ONLY } from "../support/management.ts";
import {
  type LayoutImage,
  writeIndex,
  writeNodeImage,
  writeSmallImage,
} from "../support/oci-layout.ts";
import { type RegistryUnderTest, startRegistry } from "../support/registry-under-test.ts";

describe("skopeo", function () {
  this.timeout(180_000);
  let under: RegistryUnderTest;
  let home: ClientHome;
  let image: LayoutImage;
  let puller: MadeToken;

  before(async () => {
    under = await startRegistry();
    home = await ClientHome.make();
    image = await writeNodeImage(home.file("node"));
    puller = await makeToken(under.server.url, under.registry, "puller", [PULL_ONLY]);
  });
  after(async () => {
    await under.server.stop();
    await home.remove();
  });

  const remote = (name: string) => `docker://${under.server.host}/shop/${name}`;
  const creds = ({ username, password }: { username: string; password: string }) =>
    `${username}:${password}`;
  const push = (source: string, target: string, by = creds(under.token)) => [
    ...["copy", "--insecure-policy", "--all", "--dest-tls-verify=false"],
    ...["--dest-creds", by, source, target],
  ];
  const pull = (source: string, target: string, by = creds(under.token)) => [
    ...["copy", "--insecure-policy", "--all", "--src-tls-verify=false"],
    ...["--src-creds", by, source, target],
  ];

  async function digestAt(name: string): Promise<string> {
    const args = ["inspect", "--raw", "--tls-verify=false", "--creds", creds(under.token)];
    return digestOf(await home.run("skopeo", ...args, remote(name)));
  }

  it("pushes a real image of more than 50 MB and pulls it back, digest for digest", async () => {
    assert.ok(image.bytes > 50_000_000, `${image.bytes} bytes`);
    await home.run("skopeo", ...push(`oci:${image.path}:latest`, remote("team/node:1")));
    assert.equal(await digestAt("team/node:1"), image.digest);
    await home.run("skopeo", ...pull(remote("team/node:1"), `oci:${home.file("back")}:latest`));
    const again = ["inspect", "--raw", `oci:${home.file("back")}:latest`];
    assert.equal(digestOf(await home.run("skopeo", ...again)), image.digest);
  });

  it("pulls with a token that may pull, by tag and by digest, and is refused a push: 403 DENIED", async () => {
    await home.run("skopeo", ...push(`oci:${image.path}:latest`, remote("team/node:1")));
    const by = creds(puller);
    for (const name of ["team/node:1", `team/node@${image.digest}`]) {
      const target = `dir:${home.file("pulled")}`;
      await home.run("skopeo", ...pull(remote(name), target, by));
    }
    const small = await writeSmallImage(home.file("small"));
    const refusal = await home.fail(
      "skopeo",
      ...push(`oci:${small.path}:latest`, remote("team/other:1"), by),
    );
    assert.match(refusal, /denied|403/i);
  });

  it("gets nothing without credentials, and nothing with a wrong password", async () => {
    const target = `dir:${home.file("nothing")}`;
    const args = ["copy", "--insecure-policy", "--src-tls-verify=false", "--src-no-creds"];
    assert.match(
      await home.fail("skopeo", ...args, remote("team/node:1"), target),
      /unauthorized|authentication required/i,
    );
    const wrong = await home.fail(
      "skopeo",
      ...pull(remote("team/node:1"), target, "ci:not-the-password"),
    );
    assert.match(wrong, /unauthorized|invalid username\/password|authentication required/i);
  });

  it("logs in, works with what it remembers, and logs out", async () => {
    const { username, password } = under.token;
    const { host } = under.server;
    const login = ["login", "--tls-verify=false", "--username", username, "--password", password];
    assert.match(await home.run("skopeo", ...login, host), /Login Succeeded/);
    const small = await writeSmallImage(home.file("logged-in"));
    const args = ["copy", "--insecure-policy", "--dest-tls-verify=false"];
    await home.run("skopeo", ...args, `oci:${small.path}:latest`, remote("login:1"));
    await home.run("skopeo", "logout", host);
    await home.fail("skopeo", "inspect", "--tls-verify=false", remote("login:1"));
    const wrong = ["login", "--tls-verify=false", "--username", username, "--password", "wrong"];
    await home.fail("skopeo", ...wrong, host);
  });

  it("pushes a multi-platform index with all of its images", async () => {
    const index = await writeIndex(home.file("index"), ["amd64", "arm64", "s390x"]);
    await home.run("skopeo", ...push(`oci:${index.path}:latest`, remote("multi:1")));
    assert.equal(await digestAt("multi:1"), index.digest);
    const target = `oci:${home.file("index-back")}:latest`;
    await home.run("skopeo", ...pull(remote("multi:1"), target));
    const again = await home.run("skopeo", "inspect", "--raw", target);
    assert.equal(digestOf(again), index.digest);
  });

  it("pushes in Docker's schema 2", async () => {
    const small = await writeSmallImage(home.file("v2s2"));
    const [copy = "copy", ...rest] = push(`oci:${small.path}:latest`, remote("v2s2:1"));
    await home.run("skopeo", copy, "--format", "v2s2", ...rest);
    const args = ["inspect", "--raw", "--tls-verify=false", "--creds", creds(under.token)];
    const manifest = JSON.parse(await home.run("skopeo", ...args, remote("v2s2:1")));
    assert.equal(manifest.mediaType, DOCKER_MANIFEST);
    await home.run("skopeo", ...pull(remote("v2s2:1"), `dir:${home.file("v2s2-back")}`));
  });

  it("copies between repositories, lists tags, and deletes", async () => {
    const small = await writeSmallImage(home.file("copied"));
    await home.run("skopeo", ...push(`oci:${small.path}:latest`, remote("from:1")));
    const by = creds(under.token);
    const both = ["--src-tls-verify=false", "--dest-tls-verify=false", "--src-creds", by];
    const copy = ["copy", "--insecure-policy", ...both, "--dest-creds", by];
    await home.run("skopeo", ...copy, remote("from:1"), remote("to:a"));
    await home.run("skopeo", ...copy, remote("from:1"), remote("to:b"));
    assert.equal(await digestAt("to:a"), small.digest);
    const list = async () => {
      const args = ["list-tags", "--tls-verify=false", "--creds", by];
      return JSON.parse(await home.run("skopeo", ...args, remote("to"))).Tags;
    };
    assert.deepEqual(await list(), ["a", "b"]);
    await home.run("skopeo", "delete", "--tls-verify=false", "--creds", by, remote("to:a"));
    assert.deepEqual(await list(), [], "skopeo deletes by the digest that the tag points at");
    assert.equal(await digestAt("from:1"), small.digest);
  });
});
