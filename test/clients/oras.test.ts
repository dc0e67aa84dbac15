import assert from "node:assert/strict";
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { obtainClient } from "../../tools/obtain/obtain.ts";
import { printProgress } from "../../tools/obtain/progress.ts";
import { ORAS } from "../../tools/obtain/tool.ts";
import { ClientHome } from "../support/client-home.ts";
import { digestOf } from "../support/content.ts";
import { type Credentials, makeToken, PULL_ONLY } from "../support/management.ts";
import { writeIndex } from "../support/oci-layout.ts";
import { type RegistryUnderTest, startRegistry } from "../support/registry-under-test.ts";

const THING = "application/vnd.example.thing";
const SBOM = "application/vnd.example.sbom";
const SIGNATURE = "application/vnd.example.signature";

describe("oras", function () {
  this.timeout(300_000);
  let under: RegistryUnderTest;
  let home: ClientHome;
  let oras: string;

  before(async () => {
    oras = await obtainClient(ORAS, printProgress);
    under = await startRegistry();
    home = await ClientHome.make();
    for (const name of ["thing", "sbom", "signature"]) {
      await writeFile(home.file(`${name}.txt`), `the ${name}\n`);
    }
  });
  after(async () => {
    await under.server.stop();
    await home.remove();
  });
  beforeEach(() => logIn(under.token));

  const remote = (name: string) => `${under.server.host}/shop/${name}`;
  const run = (...args: string[]) => home.run(oras, ...args);
  const lines = (output: string) => output.split("\n").filter((line) => line !== "");
  const plain = "--plain-http";

  function logIn({ username, password }: Credentials): Promise<string> {
    const by = ["--username", username, "--password", password];
    return run("login", plain, ...by, under.server.host);
  }

  /** Pushes a file that stands in the client's home, and returns the manifest's digest. */
  async function push(name: string, file = "thing.txt"): Promise<string> {
    const as = ["--artifact-type", THING, "--format", "json"];
    return JSON.parse(await run("push", plain, ...as, remote(name), `${file}:text/plain`)).digest;
  }

  async function attach(name: string, artifactType: string, file: string): Promise<string> {
    const as = ["--artifact-type", artifactType, "--format", "json"];
    const output = await run("attach", plain, ...as, remote(name), `${file}:text/plain`);
    return JSON.parse(output).digest;
  }

  async function referrers(name: string, ...filter: string[]): Promise<string[]> {
    const output = await run("discover", plain, "--format", "json", ...filter, remote(name));
    const { manifests }: { manifests: { digest: string }[] | null } = JSON.parse(output);
    return (manifests ?? []).map(({ digest }) => digest).sort();
  }

  it("pushes files and pulls them, by tag and by digest", async () => {
    const digest = await push("files:1");
    for (const [folder, name] of [
      ["by-tag", "files:1"],
      ["by-digest", `files@${digest}`],
    ] as const) {
      await run("pull", plain, "--output", home.file(folder), remote(name));
      const pulled = await readFile(join(home.file(folder), "thing.txt"), "utf8");
      assert.equal(pulled, "the thing\n");
    }
    assert.equal((await run("resolve", plain, remote("files:1"))).trim(), digest);
  });

  it("attaches artifacts and discovers them through the referrers API, all or of one type", async () => {
    await push("attached:1");
    const sbom = await attach("attached:1", SBOM, "sbom.txt");
    const signature = await attach("attached:1", SIGNATURE, "signature.txt");
    assert.deepEqual(await referrers("attached:1"), [sbom, signature].sort());
    assert.deepEqual(await referrers("attached:1", "--artifact-type", SBOM), [sbom]);
    const api = ["--distribution-spec", "v1.1-referrers-api"];
    assert.deepEqual(await referrers("attached:1", ...api), [sbom, signature].sort());
    const tags = lines(await run("repo", "tags", plain, remote("attached")));
    assert.deepEqual(tags, ["1"], "no tag stands for the referrers API");

    await run("manifest", "delete", plain, "--force", remote(`attached@${sbom}`));
    assert.deepEqual(await referrers("attached:1"), [signature]);
  });

  it("copies an artifact with what is attached to it to another repository", async () => {
    const subject = await push("source:1");
    const sbom = await attach("source:1", SBOM, "sbom.txt");
    const signature = await attach(`source@${sbom}`, SIGNATURE, "signature.txt");
    const both = ["--from-plain-http", "--to-plain-http"];
    await run("copy", ...both, "--recursive", remote("source:1"), remote("copies/of:2"));
    assert.equal((await run("resolve", plain, remote("copies/of:2"))).trim(), subject);
    assert.deepEqual(await referrers("copies/of:2"), [sbom]);
    assert.deepEqual(await referrers(`copies/of@${sbom}`), [signature]);
  });

  it("copies a multi-platform index from a layout, and fetches the manifest of one platform", async () => {
    const index = await writeIndex(home.file("index"), ["amd64", "arm64"]);
    const from = ["--from-oci-layout", `${index.path}:latest`];
    await run("copy", "--to-plain-http", ...from, remote("multi:1"));
    const raw = await run("manifest", "fetch", plain, remote("multi:1"));
    assert.equal(digestOf(raw), index.digest);
    const arm = ["--platform", "linux/arm64", remote("multi:1")];
    const config = await run("manifest", "fetch-config", plain, ...arm);
    assert.equal(JSON.parse(config).architecture, "arm64");
    const to = ["--to-oci-layout", remote("multi:1"), `${home.file("index-back")}:latest`];
    await run("copy", "--from-plain-http", ...to);
    const back = ["--oci-layout", `${home.file("index-back")}:latest`];
    assert.equal((await run("resolve", ...back)).trim(), index.digest);
  });

  it("tags, lists tags and repositories, and deletes", async () => {
    const digest = await push("tags:b");
    await run("tag", plain, remote("tags:b"), "a", "c");
    const tags = async () => lines(await run("repo", "tags", plain, remote("tags")));
    assert.deepEqual(await tags(), ["a", "b", "c"]);
    const repositories = lines(await run("repo", "ls", plain, `${under.server.host}/shop`));
    assert.ok(repositories.includes("tags"), repositories.join(" "));
    await run("manifest", "delete", plain, "--force", remote(`tags@${digest}`));
    assert.deepEqual(await tags(), []);
    assert.match(await home.fail(oras, "resolve", plain, remote("tags:b")), /not found/i);
  });

  it("pushes, fetches and deletes a blob", async () => {
    await push("blobs:1");
    const digest = digestOf("the sbom\n");
    await run("blob", "push", plain, remote(`blobs@${digest}`), "sbom.txt");
    const fetch = ["blob", "fetch", plain, "--output", "-", remote(`blobs@${digest}`)];
    assert.equal(await run(...fetch), "the sbom\n");
    await run("blob", "delete", plain, "--force", remote(`blobs@${digest}`));
    assert.match(await home.fail(oras, ...fetch), /not found/i);
  });

  it("pulls with a token that may pull, and is refused to push, attach and delete", async () => {
    const digest = await push("guarded:1");
    const { server, registry } = under;
    await logIn(await makeToken(server.url, registry, "puller", [PULL_ONLY]));
    await run("pull", plain, "--output", home.file("pulled"), remote("guarded:1"));
    const fail = (...args: string[]) => home.fail(oras, ...args);
    const file = "sbom.txt:text/plain";
    assert.match(await fail("push", plain, remote("guarded:2"), file), /denied/i);
    const attachment = ["--artifact-type", SBOM, remote("guarded:1"), file];
    assert.match(await fail("attach", plain, ...attachment), /denied/i);
    const deletion = ["--force", remote(`guarded@${digest}`)];
    assert.match(await fail("manifest", "delete", plain, ...deletion), /denied/i);
  });

  it("is told at login that a password is wrong, and gets nothing without one", async () => {
    await push("secret:1");
    const wrong = ["--username", under.token.username, "--password", "not-the-password"];
    assert.match(
      await home.fail(oras, "login", plain, ...wrong, under.server.host),
      /unauthorized/i,
    );
    await run("logout", under.server.host);
    assert.match(await home.fail(oras, "resolve", plain, remote("secret:1")), /unauthorized|401/i);
  });
});
