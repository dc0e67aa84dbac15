import assert from "node:assert/strict";
import { mkdir, writeFile } from "node:fs/promises";
import { ClientHome } from "../support/client-home.ts";
import {
  DOCKER_LIST,
  DOCKER_MANIFEST,
  digestOf,
  OCI_INDEX,
  OCI_MANIFEST,
  someContent,
} from "../support/content.ts";
import { type Credentials, makeToken, PULL_ONLY } from "../support/management.ts";
import { type RegistryUnderTest, startRegistry } from "../support/registry-under-test.ts";

describe("podman", function () {
  this.timeout(300_000);
  let under: RegistryUnderTest;
  let home: ClientHome;

  before(async () => {
    under = await startRegistry();
    home = await ClientHome.make();
    // `manifest inspect` and `pull --all-tags` heed no flag about TLS, and look for credentials in one place only.
    const settings = `[[registry]]\nlocation = "${under.server.host}"\ninsecure = true\n`;
    await logIn(under.token, "--authfile", home.file("run/containers/auth.json"));
    await mkdir(home.file(".config/containers"), { recursive: true });
    await writeFile(home.file(".config/containers/registries.conf"), settings);
    await writeFile(home.file("content"), someContent(200_000));
    await home.run("tar", "-cf", "layer.tar", "content");
    for (const architecture of ["amd64", "arm64"]) {
      const as = ["--os", "linux", "--arch", architecture];
      await podman("import", "--quiet", ...as, "layer.tar", `localhost/small:${architecture}`);
    }
  });
  after(async () => {
    await under.server.stop();
    await home.remove();
  });
  beforeEach(() => logIn(under.token));

  /** No container runs, so neither a storage driver nor a cgroup manager of the machine is needed. */
  const storage = () => [
    ...["--root", home.file("podman"), "--runroot", home.file("run/podman")],
    ...["--storage-driver", "vfs", "--cgroup-manager", "cgroupfs", "--events-backend", "none"],
  ];
  const insecure = "--tls-verify=false";
  const remote = (name: string) => `${under.server.host}/shop/${name}`;
  const podman = (...args: string[]) => home.run("podman", ...storage(), ...args);
  const fail = (...args: string[]) => home.fail("podman", ...storage(), ...args);

  function logIn({ username, password }: Credentials, ...more: string[]): Promise<string> {
    const by = ["--username", username, "--password", password];
    return podman("login", insecure, ...by, ...more, under.server.host);
  }

  /** The digest and the media type of what the registry has. */
  async function stored(repository: string, reference: string): Promise<[string, string]> {
    const answer = await under.client.ask("GET", repository, `manifests/${reference}`, {
      headers: { accept: "*/*" },
    });
    assert.equal(answer.status, 200, answer.body.toString());
    return [digestOf(answer.body), answer.headers["content-type"] ?? ""];
  }

  async function tagsOf(repository: string): Promise<string[]> {
    const output = await podman("search", insecure, "--list-tags", remote(repository));
    const rows = output.trim().split("\n").slice(1);
    return rows.map((row) => row.trim().split(/\s+/)[1] ?? "");
  }

  it("pushes an image and pulls it back, by tag and by digest", async () => {
    const told = home.file("digest");
    await podman(
      "push",
      insecure,
      "--digestfile",
      told,
      "localhost/small:amd64",
      remote("team/app:1"),
    );
    const [digest] = await stored("team/app", "1");
    const id = (await podman("inspect", "--format", "{{.Id}}", "localhost/small:amd64")).trim();
    for (const name of ["team/app:1", `team/app@${digest}`]) {
      const pulled = await podman("pull", insecure, "--quiet", remote(name));
      assert.equal(pulled.trim(), id, name);
      await podman("rmi", remote(name));
    }
  });

  it("pushes in Docker's format as well as in OCI's", async () => {
    for (const [format, tag] of [
      ["v2s2", "docker"],
      ["oci", "oci"],
    ] as const) {
      const target = remote(`formats:${tag}`);
      await podman("push", insecure, "--format", format, "localhost/small:amd64", target);
      await podman("pull", insecure, "--quiet", target);
    }
    assert.equal((await stored("formats", "docker"))[1], DOCKER_MANIFEST);
    assert.equal((await stored("formats", "oci"))[1], OCI_MANIFEST);
    assert.deepEqual(await tagsOf("formats"), ["docker", "oci"]);
  });

  it("builds a list of manifests, pushes it with its images, and pulls one platform of it", async () => {
    await podman("manifest", "create", "localhost/list:1");
    for (const architecture of ["amd64", "arm64"]) {
      const member = `docker://${remote(`parts:${architecture}`)}`;
      await podman("push", insecure, `localhost/small:${architecture}`, member);
      await podman("manifest", "add", insecure, "--all", "localhost/list:1", member);
    }
    for (const [format, mediaType] of [
      ["oci", OCI_INDEX],
      ["v2s2", DOCKER_LIST],
    ] as const) {
      const target = `docker://${remote(`list:${format}`)}`;
      const how = ["--all", "--format", format];
      await podman("manifest", "push", insecure, ...how, "localhost/list:1", target);
      assert.equal((await stored("list", format))[1], mediaType);
      const pull = ["pull", insecure, "--quiet", "--platform", "linux/arm64"];
      const id = (await podman(...pull, remote(`list:${format}`))).trim();
      const architecture = await podman("inspect", "--format", "{{.Architecture}}", id);
      assert.equal(architecture.trim(), "arm64");
    }
    const inspected = await podman("manifest", "inspect", remote("list:oci"));
    assert.equal(JSON.parse(inspected).manifests.length, 2);
  });

  it("pulls every tag of a repository", async () => {
    for (const tag of ["a", "b", "c"]) {
      await podman("push", insecure, "localhost/small:amd64", remote(`all:${tag}`));
    }
    await podman("pull", "--quiet", "--all-tags", remote("all"));
    for (const tag of ["a", "b", "c"]) {
      await podman("image", "exists", remote(`all:${tag}`));
    }
  });

  it("pulls with a token that may pull, and is refused a push", async () => {
    await podman("push", insecure, "localhost/small:amd64", remote("guarded:1"));
    const { server, registry } = under;
    await logIn(await makeToken(server.url, registry, "puller", [PULL_ONLY]));
    await podman("pull", insecure, "--quiet", remote("guarded:1"));
    const refusal = await fail("push", insecure, "localhost/small:amd64", remote("guarded:2"));
    assert.match(refusal, /denied|403/i);
  });

  it("is told at login that a password is wrong, and gets nothing without one", async () => {
    await podman("push", insecure, "localhost/small:amd64", remote("secret:1"));
    const { host } = under.server;
    const wrong = ["--username", under.token.username, "--password", "not-the-password"];
    const unauthorized = /unauthorized|invalid username\/password|authentication required/i;
    assert.match(await fail("login", insecure, ...wrong, host), unauthorized);
    await podman("logout", host);
    assert.match(await fail("pull", insecure, remote("secret:1")), unauthorized);
    assert.match(
      await fail("push", insecure, "localhost/small:amd64", remote("secret:2")),
      unauthorized,
    );
  });
});
