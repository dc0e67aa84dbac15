import assert from "node:assert/strict";
import { mkdir, readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { obtainClient } from "../../tools/obtain/obtain.ts";
import { printProgress } from "../../tools/obtain/progress.ts";
import { HELM } from "../../tools/obtain/tool.ts";
import { ClientHome } from "../support/client-home.ts";
import { digestOf } from "../support/content.ts";
import { type Credentials, makeToken, PULL_ONLY } from "../support/management.ts";
import { type RegistryUnderTest, startRegistry } from "../support/registry-under-test.ts";

describe("helm", function () {
  this.timeout(600_000);
  let under: RegistryUnderTest;
  let home: ClientHome;
  let helm: string;

  before(async () => {
    helm = await obtainClient(HELM, printProgress);
    under = await startRegistry();
    home = await ClientHome.make();
    await run("create", "web");
    for (const version of ["1.0.0", "1.1.0", "2.0.0+build.7"]) {
      await run("package", "web", "--version", version);
    }
  });
  after(async () => {
    await under.server.stop();
    await home.remove();
  });
  beforeEach(() => logIn(under.token));

  const plain = "--plain-http";
  const run = (...args: string[]) => home.run(helm, ...args);
  const fail = (...args: string[]) => home.fail(helm, ...args);
  const folder = (name: string) => `oci://${under.server.host}/shop/${name}`;
  const file = (version: string) => `web-${version}.tgz`;

  function logIn({ username, password }: Credentials): Promise<string> {
    const by = ["--username", username, "--password", password];
    return run("registry", "login", plain, ...by, under.server.host);
  }

  /** Pushes a packaged chart and returns the digest that the client tells, on whichever output. */
  async function push(version: string, to: string): Promise<string> {
    const result = await home.try(helm, "push", plain, file(version), folder(to));
    const told = result.output + result.errors;
    assert.equal(result.code, 0, told);
    const digest = /Digest: (sha256:[0-9a-f]{64})/.exec(told)?.[1];
    assert.ok(digest !== undefined, told);
    return digest;
  }

  /** Pulls a chart into an empty folder and returns the name and the digest of its archive. */
  async function pull(reference: string, ...more: string[]): Promise<[string, string]> {
    const destination = join(home.path, `pulled-${digestOf(reference + more).slice(-16)}`);
    await mkdir(destination);
    await run("pull", plain, "--destination", destination, ...more, reference);
    const [archive = "nothing", ...others] = await readdir(destination);
    assert.deepEqual(others, []);
    return [archive, digestOf(await readFile(join(destination, archive)))];
  }

  const packaged = async (version: string) => digestOf(await readFile(home.file(file(version))));

  it("pushes a chart and pulls it back, byte for byte, by version and by digest", async () => {
    const digest = await push("1.0.0", "charts");
    const expected = await packaged("1.0.0");
    const byVersion = await pull(folder("charts/web"), "--version", "1.0.0");
    assert.deepEqual(byVersion, ["web-1.0.0.tgz", expected]);
    const [, byDigest] = await pull(`${folder("charts/web")}@${digest}`);
    assert.equal(byDigest, expected);
  });

  it("finds the newest version in the list of tags, and one in a range", async () => {
    await push("1.0.0", "versions");
    await push("1.1.0", "versions");
    await push("2.0.0+build.7", "versions");
    const newest = await pull(folder("versions/web"));
    assert.equal(newest[1], await packaged("2.0.0+build.7"), "a + in a version is a _ in its tag");
    const inRange = await pull(folder("versions/web"), "--version", "~1.0");
    assert.deepEqual(inRange, ["web-1.0.0.tgz", await packaged("1.0.0")]);
  });

  it("shows and renders a chart without pulling it to a folder", async () => {
    await push("1.1.0", "shown");
    const chart = await run("show", "chart", plain, folder("shown/web"), "--version", "1.1.0");
    assert.match(chart, /^name: web$/m);
    assert.match(chart, /^version: 1\.1\.0$/m);
    const values = await run("show", "values", plain, folder("shown/web"));
    assert.match(values, /^replicaCount: 1$/m);
    assert.match(await run("template", "site", plain, folder("shown/web")), /name: site-web/);
  });

  it("fetches a chart that another one depends on", async () => {
    await push("1.0.0", "parts");
    await run("create", "site");
    const dependency = { name: "web", version: "1.0.0", repository: folder("parts") };
    const chart = { apiVersion: "v2", name: "site", version: "0.1.0", dependencies: [dependency] };
    await writeFile(home.file("site/Chart.yaml"), JSON.stringify(chart));
    await run("dependency", "update", plain, "site");
    assert.deepEqual(await readdir(home.file("site/charts")), ["web-1.0.0.tgz"]);
  });

  it("pulls with a token that may pull, and is refused a push", async () => {
    await push("1.0.0", "guarded");
    const { server, registry } = under;
    await logIn(await makeToken(server.url, registry, "puller", [PULL_ONLY]));
    const [, digest] = await pull(folder("guarded/web"));
    assert.equal(digest, await packaged("1.0.0"));
    assert.match(await fail("push", plain, file("1.1.0"), folder("guarded")), /denied|403/i);
  });

  it("is told at login that a password is wrong, and gets nothing without one", async () => {
    await push("1.0.0", "secret");
    const { host } = under.server;
    const wrong = ["--username", under.token.username, "--password", "not-the-password"];
    assert.match(await fail("registry", "login", plain, ...wrong, host), /unauthorized|401/i);
    await run("registry", "logout", host);
    assert.match(await fail("show", "chart", plain, folder("secret/web")), /unauthorized|401/i);
  });
});
