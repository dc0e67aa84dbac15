import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import path from "node:path";
import { registriesResponse } from "@moorage/core/contract/registry";
import { obtainClient } from "../../tools/obtain/obtain.ts";
import { printProgress } from "../../tools/obtain/progress.ts";
import { CRANE } from "../../tools/obtain/tool.ts";
import { REPOSITORY } from "../../tools/repository.ts";
import { ClientHome } from "../support/client-home.ts";
import { digestOf } from "../support/content.ts";
import { basic, manage } from "../support/management.ts";
import { type LayoutImage, writeNodeImage } from "../support/oci-layout.ts";
import { PulumiStack } from "../support/pulumi-stack.ts";
import { RunningServer } from "../support/running-server.ts";

const PROGRAM = path.join(REPOSITORY, "examples", "quickstart", "index.ts");
const OUTPUTS = [
  "ciExpiryDate",
  "ciPassword",
  "ciUsername",
  "dockerLogin",
  "endpoint",
  "pullPassword",
  "pullUsername",
  "registryId",
];

describe("the registry that the quickstart declares", function () {
  this.timeout(300_000);
  let server: RunningServer;
  let stack: PulumiStack;
  let home: ClientHome;
  let crane: string;
  let image: LayoutImage;
  let outputs: Record<string, string>;

  before(async () => {
    crane = await obtainClient(CRANE, printProgress);
    server = await RunningServer.start();
    stack = await PulumiStack.create(server.url);
    home = await ClientHome.make();
    image = await writeNodeImage(home.file("node"));
    const program = await readFile(PROGRAM, "utf8");
    await stack.write(program.replace(/^import .*$/m, ""));
    await stack.up();
    outputs = await stack.outputs();
  });
  after(async () => {
    await stack[Symbol.asyncDispose]();
    await home.remove();
    await server.stop();
  });

  const ci = () => ({ username: `${outputs["ciUsername"]}`, password: `${outputs["ciPassword"]}` });
  const puller = () => ({
    username: `${outputs["pullUsername"]}`,
    password: `${outputs["pullPassword"]}`,
  });
  const remote = (name: string) => `${outputs["endpoint"]}/${name}`;
  const layout = (name: string) => `oci:${home.file(name)}:latest`;

  function skopeo(
    side: "src" | "dest",
    { username, password }: { username: string; password: string },
    [from, to]: readonly [string, string],
  ): string[] {
    const access = [`--${side}-tls-verify=false`, `--${side}-creds`, `${username}:${password}`];
    return ["copy", "--insecure-policy", ...access, from, to];
  }

  async function craneAs({ username, password }: { username: string; password: string }) {
    const secret = ["--username", username, "--password", password];
    await home.run(crane, "--insecure", "auth", "login", ...secret, server.host);
  }

  /** How an upload that would begin here is answered. */
  async function pushAttempt(authorization?: string): Promise<Response> {
    const name = remote("team/node").slice(server.host.length);
    return fetch(`${server.url}/v2${name}/blobs/uploads/`, {
      method: "POST",
      headers: authorization === undefined ? {} : { authorization },
    });
  }

  it("is described by the stack's outputs", () => {
    assert.deepEqual(Object.keys(outputs).sort(), OUTPUTS);
  });

  it("takes an image of more than 50 MB from skopeo by its CI token, and gives the same back", async () => {
    assert.ok(image.bytes > 50_000_000, `${image.bytes} bytes`);
    const target = `docker://${remote("team/node:skopeo")}`;
    await home.run("skopeo", ...skopeo("dest", ci(), [layout("node"), target]));
    await home.run("skopeo", ...skopeo("src", ci(), [target, layout("by-skopeo")]));
    const raw = await home.run("skopeo", "inspect", "--raw", layout("by-skopeo"));
    assert.equal(digestOf(raw), image.digest);
  });

  it("takes it from crane by its CI token, and gives the same back", async () => {
    await craneAs(ci());
    await home.run(crane, "--insecure", "push", image.path, remote("team/node:crane"));
    const digest = await home.run(crane, "--insecure", "digest", remote("team/node:crane"));
    assert.equal(digest.trim(), image.digest);
    const back = home.file("by-crane");
    await home.run(crane, "--insecure", "pull", "--format=oci", remote("team/node:crane"), back);
    const index = JSON.parse(await readFile(path.join(back, "index.json"), "utf8"));
    assert.equal(index.manifests[0].digest, image.digest);
  });

  it("lets its pull-only token pull that, and refuses it a push: 403 DENIED", async () => {
    const source = `docker://${remote("team/node:skopeo")}`;
    await home.run("skopeo", ...skopeo("src", puller(), [source, layout("by-puller")]));
    const raw = await home.run("skopeo", "inspect", "--raw", layout("by-puller"));
    assert.equal(digestOf(raw), image.digest);
    await craneAs(puller());
    await home.run(crane, "--insecure", "validate", "--remote", remote("team/node:crane"));
    const push = ["push", image.path, remote("team/node:2")];
    assert.match(await home.fail(crane, "--insecure", ...push), /DENIED/);
    const refused = await pushAttempt(basic(puller()));
    assert.equal(refused.status, 403);
    assert.match(await refused.text(), /"code":"DENIED"/);
  });

  it("lets nobody in without credentials (401 with a challenge), or with a wrong password", async () => {
    for (const authorization of [undefined, basic({ ...ci(), password: puller().password })]) {
      const refused = await pushAttempt(authorization);
      assert.equal(refused.status, 401);
      assert.match(await refused.text(), /"code":"UNAUTHORIZED"/);
      const challenge = refused.headers.get("www-authenticate") ?? "";
      assert.match(challenge, /^Bearer realm="[^"]+\/token",service="[^"]+",scope="repository:/);
    }
  });

  it("goes with all that was pushed when the stack is destroyed", async () => {
    await stack.must(["destroy", "--yes", "--skip-preview"]);
    const answer = await manage(server.url, "GET", "/registries");
    assert.deepEqual(registriesResponse.parse(await answer.json()).items, []);
  });
});
