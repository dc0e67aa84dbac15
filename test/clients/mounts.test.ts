import assert from "node:assert/strict";
import { obtainClient } from "../../tools/obtain/obtain.ts";
import { printProgress } from "../../tools/obtain/progress.ts";
import { CRANE, ORAS, REGCTL } from "../../tools/obtain/tool.ts";
import { type LoggedRequest, loggedRequests } from "../support/access-log.ts";
import { ClientHome } from "../support/client-home.ts";
import { eventually } from "../support/eventually.ts";
import { type LayoutImage, writeIndex } from "../support/oci-layout.ts";
import { type RegistryUnderTest, startRegistry } from "../support/registry-under-test.ts";

const ARCHITECTURES = ["amd64", "arm64"];
/** One for each architecture, and as many configurations. */
const LAYERS = ARCHITECTURES.length;

describe("a copy within one registry", function () {
  this.timeout(300_000);
  let under: RegistryUnderTest;
  let home: ClientHome;
  let image: LayoutImage;

  before(async () => {
    // One worker writes its log in the order of its answers.
    under = await startRegistry({ MOORAGE_WORKERS: "1" });
    home = await ClientHome.make();
    image = await writeIndex(home.file("image"), ARCHITECTURES);
    await skopeo(`oci:${image.path}:latest`, `docker://${remote("from:1")}`);
  });
  after(async () => {
    await under.server.stop();
    await home.remove();
  });

  const remote = (name: string) => `${under.server.host}/shop/${name}`;

  function skopeo(source: string, target: string): Promise<string> {
    const { username, password } = under.token;
    const creds = `${username}:${password}`;
    const insecure = ["--insecure-policy", "--src-tls-verify=false", "--dest-tls-verify=false"];
    const by = source.startsWith("oci:")
      ? ["--dest-creds", creds]
      : ["--src-creds", creds, "--dest-creds", creds];
    return home.run("skopeo", "copy", "--all", ...insecure, ...by, source, target);
  }

  /** What was asked of a repository's blobs until its index was there; a line of the log may come after its answer. */
  function askedOf(repository: string): Promise<LoggedRequest[]> {
    const prefix = `/v2/shop/${repository}/`;
    return eventually(`the log of ${repository}`, async () => {
      const requests = loggedRequests(under.server.log);
      const isDone = requests.some(
        ({ method, path }) => method === "PUT" && path === `${prefix}manifests/1`,
      );
      return isDone ? requests.filter(({ path }) => path.startsWith(`${prefix}blobs/`)) : undefined;
    });
  }

  /** Fails unless so many blobs came by a mount, so many by an upload, and none was downloaded. */
  async function assertCopied(repository: string, mounts: number, uploads: number): Promise<void> {
    const asked = await askedOf(repository);
    const count = (method: string, status: number) =>
      asked.filter((request) => request.method === method && request.status === status).length;
    const told = asked.map(({ method, path, status }) => `${method} ${path} ${status}`).join("\n");
    assert.equal(count("POST", 201), mounts, told);
    assert.equal(count("POST", 202), uploads, told);
    assert.equal(count("PUT", 201), uploads, told);
    assert.equal(count("GET", 200), 0, told);
    const copy = await under.client.ask("HEAD", repository, "manifests/1");
    assert.equal(copy.headers["docker-content-digest"], image.digest);
  }

  it("by skopeo mounts every layer", async () => {
    await skopeo(`docker://${remote("from:1")}`, `docker://${remote("by-skopeo:1")}`);
    // It has read the configurations, to know what is in them, and sends them on.
    await assertCopied("by-skopeo", LAYERS, LAYERS);
  });

  it("by crane mounts every blob", async () => {
    const crane = await obtainClient(CRANE, printProgress);
    const { username, password } = under.token;
    const by = ["--username", username, "--password", password];
    await home.run(crane, "auth", "login", ...by, under.server.host);
    await home.run(crane, "--insecure", "copy", remote("from:1"), remote("by-crane:1"));
    await assertCopied("by-crane", 2 * LAYERS, 0);
  });

  it("by regctl mounts every blob", async () => {
    const regctl = await obtainClient(REGCTL, printProgress);
    const { username, password } = under.token;
    await home.run(regctl, "registry", "set", "--tls", "disabled", under.server.host);
    const by = ["--user", username, "--pass", password];
    await home.run(regctl, "registry", "login", ...by, under.server.host);
    await home.run(regctl, "image", "copy", remote("from:1"), remote("by-regctl:1"));
    await assertCopied("by-regctl", 2 * LAYERS, 0);
  });

  it("by oras mounts every blob", async () => {
    const oras = await obtainClient(ORAS, printProgress);
    const { username, password } = under.token;
    const by = ["--username", username, "--password", password];
    await home.run(oras, "login", "--plain-http", ...by, under.server.host);
    const plain = ["--from-plain-http", "--to-plain-http"];
    await home.run(oras, "copy", ...plain, remote("from:1"), remote("by-oras:1"));
    await assertCopied("by-oras", 2 * LAYERS, 0);
  });
});
