import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { writeFile } from "node:fs/promises";
import { ClientHome } from "../support/client-home.ts";
import { type MadeToken, makeToken, PULL_ONLY } from "../support/management.ts";
import { type RegistryUnderTest, startRegistry } from "../support/registry-under-test.ts";

describe("buildah and podman", function () {
  this.timeout(180_000);
  let under: RegistryUnderTest;
  let home: ClientHome;
  let puller: MadeToken;

  before(async () => {
    under = await startRegistry();
    home = await ClientHome.make();
    puller = await makeToken(under.server.url, under.registry, "puller", [PULL_ONLY]);
    await build("built:1", ["first", "second"]);
  });
  after(async () => {
    await under.server.stop();
    await home.remove();
  });

  const remote = (name: string) => `${under.server.host}/shop/${name}`;
  const creds = ({ username, password }: MadeToken) => [
    ...["--tls-verify=false", "--creds", `${username}:${password}`],
  ];
  /** Images of one client, apart from those of the other. */
  const storage = (name: string) => [
    ...["--root", home.file(name), "--runroot", home.file(`run/${name}`)],
    ...["--storage-driver", "vfs"],
  ];
  const buildah = (...args: string[]) => home.run("buildah", ...storage("buildah"), ...args);
  const podman = (...args: string[]) => home.run("podman", ...storage("podman"), ...args);

  /** Builds an image from nothing, with a layer for each file. */
  async function build(name: string, files: readonly string[]): Promise<void> {
    await buildah("from", "--name", "working", "scratch");
    for (const file of files) {
      await writeFile(home.file(file), randomBytes(500_000));
      await buildah("copy", "working", home.file(file), `/${file}`);
      await buildah("commit", "working", name);
      await buildah("rm", "working");
      await buildah("from", "--name", "working", name);
    }
    await buildah("rm", "working");
  }

  async function idIn(client: typeof buildah, name: string): Promise<string> {
    const ids = await client("images", "--quiet", "--no-trunc", name);
    return ids.trim();
  }

  it("push what buildah built and pull it back, the same image", async () => {
    await buildah("push", ...creds(under.token), "built:1", `docker://${remote("team/built:1")}`);
    await podman("pull", ...creds(puller), remote("team/built:1"));
    const pulled = await idIn(podman, remote("team/built:1"));
    assert.match(pulled, /^sha256:[0-9a-f]{64}$/);
    assert.equal(pulled, await idIn(buildah, "localhost/built:1"));
  });

  it("push in Docker's format as well", async () => {
    const target = `docker://${remote("docker:1")}`;
    await buildah("push", ...creds(under.token), "--format", "v2s2", "built:1", target);
    await podman("pull", ...creds(puller), remote("docker:1"));
  });

  it("push a list of manifests", async () => {
    await buildah("push", ...creds(under.token), "built:1", `docker://${remote("list:amd64")}`);
    await buildah("manifest", "create", "list");
    const member = `docker://${remote("list:amd64")}`;
    await buildah("manifest", "add", ...creds(under.token), "list", member);
    const target = `docker://${remote("list:all")}`;
    await buildah("manifest", "push", "--all", ...creds(under.token), "list", target);
    await podman("pull", ...creds(puller), remote("list:all"));
  });

  it("log in, tag, push, list tags, and log out", async () => {
    const { host } = under.server;
    const { username, password } = under.token;
    const login = ["login", "--tls-verify=false", "--username", username, "--password", password];
    assert.match(await podman(...login, host), /Login Succeeded/);
    await buildah("push", ...creds(under.token), "built:1", `docker://${remote("tagged:1")}`);
    await podman("pull", "--tls-verify=false", remote("tagged:1"));
    await podman("tag", remote("tagged:1"), remote("tagged:2"));
    await podman("push", "--tls-verify=false", remote("tagged:2"));
    const tags = await podman("search", "--tls-verify=false", "--list-tags", remote("tagged"));
    assert.deepEqual(
      tags
        .split("\n")
        .slice(1)
        .flatMap((line) => line.trim().split(/\s+/).slice(1)),
      ["1", "2"],
    );
    await podman("logout", host);
  });

  it("are refused: a push with a token that may pull, anything with a wrong password or none", async () => {
    const fail = (...args: string[]) => home.fail("buildah", ...storage("buildah"), ...args);
    const target = `docker://${remote("refused:1")}`;
    assert.match(await fail("push", ...creds(puller), "built:1", target), /denied|403/i);
    const wrong = { ...under.token, password: "not-the-password" };
    const unauthorized = /unauthorized|invalid username\/password|authentication required/i;
    assert.match(await fail("push", ...creds(wrong), "built:1", target), unauthorized);
    assert.match(await fail("push", "--tls-verify=false", "built:1", target), unauthorized);
    assert.match(await fail("pull", "--tls-verify=false", remote("team/built:1")), unauthorized);
  });
});
