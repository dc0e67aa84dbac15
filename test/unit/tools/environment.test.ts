import assert from "node:assert/strict";
import { readFile, stat } from "node:fs/promises";
import path from "node:path";
import { preparePulumi, pulumiEnvironment } from "../../../tools/quickstart/environment.ts";
import { REPOSITORY } from "../../../tools/repository.ts";
import { temporaryDirectory } from "../../support/temporary-directory.ts";

const TOOLS = { cli: "/opt/cli/pulumi", languageHost: "/opt/host/pulumi-language-nodejs" };

describe("the environment of the Pulumi CLI", () => {
  let folder: string;
  let remove: () => Promise<void>;

  beforeEach(async () => {
    ({ path: folder, remove } = await temporaryDirectory());
  });
  afterEach(() => remove());

  it("finds Node 26 first and the CLI and its host before what is on PATH", () => {
    const { PATH = "" } = pulumiEnvironment(TOOLS, folder, { PATH: "/usr/bin:/opt/cli" });
    assert.deepEqual(PATH.split(path.delimiter).slice(0, 4), [
      path.join(REPOSITORY, "node_modules", ".bin"),
      "/opt/cli",
      "/opt/host",
      "/usr/bin",
    ]);
  });

  it("keeps the state, the CLI's own files and the passphrase in one folder", () => {
    const environment = pulumiEnvironment(TOOLS, folder, {});
    assert.equal(environment["PULUMI_BACKEND_URL"], `file://${folder}`);
    assert.equal(environment["PULUMI_HOME"], path.join(folder, "home"));
    assert.equal(environment["PULUMI_CONFIG_PASSPHRASE_FILE"], path.join(folder, "passphrase"));
  });

  it("does not let a passphrase of another project come in the way", () => {
    const environment = pulumiEnvironment(TOOLS, folder, { PULUMI_CONFIG_PASSPHRASE: "other" });
    assert.equal("PULUMI_CONFIG_PASSPHRASE" in environment, false);
  });

  it("adds to NODE_OPTIONS and keeps what is there", () => {
    const environment = pulumiEnvironment(TOOLS, folder, { NODE_OPTIONS: "--trace-warnings" });
    const options = environment["NODE_OPTIONS"] ?? "";
    assert.match(options, /^--trace-warnings --conditions=@moorage\/source /);
  });

  it("generates a passphrase once, for its owner's eyes only", async () => {
    const file = path.join(folder, "pulumi", "passphrase");
    await preparePulumi(TOOLS, path.join(folder, "pulumi"), {});
    const passphrase = await readFile(file, "utf8");
    await preparePulumi(TOOLS, path.join(folder, "pulumi"), {});
    assert.equal(await readFile(file, "utf8"), passphrase);
    assert.ok(passphrase.length >= 43, "256 bits in base64");
    assert.equal((await stat(file)).mode & 0o777, 0o600);
    assert.equal((await stat(path.dirname(file))).mode & 0o777, 0o700);
  });
});
