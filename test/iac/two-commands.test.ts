import assert from "node:assert/strict";
import { copyFile } from "node:fs/promises";
import path from "node:path";
import { obtainClient } from "../../tools/obtain/obtain.ts";
import { run } from "../../tools/obtain/run.ts";
import { CRANE } from "../../tools/obtain/tool.ts";
import { findRunning } from "../../tools/quickstart/pid-file.ts";
import { probe } from "../../tools/quickstart/probe.ts";
import { FreshClone } from "../support/fresh-clone.ts";

const PULUMI = ["run", "--silent", "pulumi", "--"];

// One story: each step needs the ones before it.
describe("in a fresh clone, with npm install done", function () {
  this.timeout(600_000);
  let clone: FreshClone;
  let first: string;

  before(async () => {
    clone = await FreshClone.make();
  });
  after(async () => {
    await clone?.run("npm", ["run", "down"]);
    await clone?.remove();
  });

  it("npm run up starts a server and makes the stack, in view of the person who waits", async () => {
    const { code, output, errors } = await clone.run("npm", ["run", "up"]);
    first = output;
    assert.equal(code, 0, output + errors);
    assert.match(errors, /^Starting the server at http:\S+\. Log: \.moorage\/server\.log$/m);
    assert.match(output, /Registry quickstart created/);
    assert.equal(await probe(clone.endpoint), "ready");
  });

  it("what it says to type next logs in, and the token may push", async () => {
    const crane = await obtainClient(CRANE, () => {});
    const login = lineWith(first, "| crane auth login");
    const reference = lineWith(first, "crane copy").split(" ").at(-1) ?? "";
    const layer = path.join(clone.folder, "layer.tar");
    await clone.must("tar", ["-cf", layer, "package.json"]);
    const PATH = `${clone.environment["PATH"]}${path.delimiter}${path.dirname(crane)}`;
    const environment = { ...clone.environment, PATH };
    for (const line of [login, `crane append --new_layer ${layer} --new_tag ${reference}`]) {
      const { code, errors } = await run("sh", ["-c", line], { folder: clone.folder, environment });
      assert.equal(code, 0, `${line}\n${errors}`);
    }
  });

  it("a second npm run up says that there is nothing to change, and changes nothing", async () => {
    const before = await clone.must("npm", [
      ...PULUMI,
      "stack",
      "output",
      "--json",
      "--show-secrets",
    ]);
    const output = await clone.must("npm", ["run", "up"]);
    assert.match(output, /There is nothing to change/);
    assert.doesNotMatch(output, /created|updated|replaced|deleted/);
    const after = await clone.must("npm", [
      ...PULUMI,
      "stack",
      "output",
      "--json",
      "--show-secrets",
    ]);
    assert.equal(after, before);
  });

  it("a preview shows no difference", async () => {
    await clone.must("npm", [...PULUMI, "preview", "--expect-no-changes"]);
  });

  it("npm run pulumi passes on what the CLI prints and how it ends", async () => {
    assert.equal((await clone.run("npm", [...PULUMI, "stack", "output", "none"])).code, 1);
    const outputs = JSON.parse(await clone.must("npm", [...PULUMI, "stack", "output", "--json"]));
    assert.equal(outputs.ciPassword, "[secret]");
  });

  it("no secret was shown", async () => {
    for (const name of ["ciPassword", "pullPassword"]) {
      const secret = await clone.must("npm", [
        ...PULUMI,
        "stack",
        "output",
        name,
        "--show-secrets",
      ]);
      assert.ok(secret.trim().length >= 20);
      assert.ok(!first.includes(secret.trim()), name);
    }
  });

  it("npm run up works again after the server was killed", async () => {
    const server = await findRunning(path.join(clone.folder, ".moorage", "server.pid"));
    assert.ok(server);
    process.kill(server.pid, "SIGKILL");
    assert.match(await clone.must("npm", ["run", "up"]), /There is nothing to change/);
  });

  it("npm run down takes all of it away and leaves nothing running", async () => {
    const pidFile = path.join(clone.folder, ".moorage", "server.pid");
    const copy = `${pidFile}.copy`;
    await copyFile(pidFile, copy);
    assert.ok(await findRunning(copy));
    const output = await clone.must("npm", ["run", "down"]);
    assert.match(output, /Registry quickstart deleted/);
    assert.equal(await probe(clone.endpoint), "absent");
    assert.equal(await findRunning(copy), undefined);
    assert.deepEqual(JSON.parse(await clone.must("npm", [...PULUMI, "stack", "ls", "--json"])), []);
  });

  it("a second npm run down finds nothing to do", async () => {
    const { code, errors } = await clone.run("npm", ["run", "down"]);
    assert.equal(code, 0, errors);
  });
});

function lineWith(output: string, words: string): string {
  const line = output.split("\n").find((candidate) => candidate.includes(words));
  assert.ok(line, `no line with ${words} in ${output}`);
  return line.trim();
}
