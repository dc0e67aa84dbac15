import assert from "node:assert/strict";
import { writeFile } from "node:fs/promises";
import { obtainClient } from "../../tools/obtain/obtain.ts";
import { printProgress } from "../../tools/obtain/progress.ts";
import { REGCTL } from "../../tools/obtain/tool.ts";
import { ClientHome } from "../support/client-home.ts";
import { digestOf, OCI_INDEX } from "../support/content.ts";
import { type Credentials, makeToken, PULL_ONLY } from "../support/management.ts";
import { type LayoutImage, writeIndex } from "../support/oci-layout.ts";
import { type RegistryUnderTest, startRegistry } from "../support/registry-under-test.ts";

describe("regctl, on the parts of an image", function () {
  this.timeout(300_000);
  let under: RegistryUnderTest;
  let home: ClientHome;
  let regctl: string;
  let index: LayoutImage;

  before(async () => {
    regctl = await obtainClient(REGCTL, printProgress);
    under = await startRegistry();
    home = await ClientHome.make();
    index = await writeIndex(home.file("index"), ["amd64", "arm64"]);
    await run("registry", "set", "--tls", "disabled", under.server.host);
    await logIn(under.token);
    await run("image", "copy", `ocidir://${index.path}:latest`, remote("team/multi:1"));
  });
  after(async () => {
    await under.server.stop();
    await home.remove();
  });
  beforeEach(() => logIn(under.token));

  const remote = (name: string) => `${under.server.host}/shop/${name}`;
  const run = (...args: string[]) => home.run(regctl, ...args);
  const fail = (...args: string[]) => home.fail(regctl, ...args);
  const lines = (output: string) => output.split("\n").filter((line) => line !== "");

  function logIn({ username, password }: Credentials): Promise<string> {
    return run("registry", "login", "--user", username, "--pass", password, under.server.host);
  }

  it("asks for a manifest's head, by tag, by digest and for one platform", async () => {
    for (const name of ["team/multi:1", `team/multi@${index.digest}`]) {
      assert.deepEqual(lines(await run("manifest", "head", remote(name))), [index.digest]);
    }
    const headers = await run(
      "manifest",
      "head",
      "--format",
      "raw-headers",
      remote("team/multi:1"),
    );
    assert.match(
      headers,
      new RegExp(`^Content-Type: ${OCI_INDEX.replaceAll(/[.+]/g, "\\$&")}`, "m"),
    );
    const arm = ["--platform", "linux/arm64", remote("team/multi:1")];
    const [digest = ""] = lines(await run("manifest", "head", ...arm));
    assert.notEqual(digest, index.digest);
    const manifest = await run(
      "manifest",
      "get",
      "--format",
      "raw-body",
      remote(`team/multi@${digest}`),
    );
    assert.equal(digestOf(manifest), digest);
  });

  it("puts a blob, gets it and deletes it", async () => {
    await writeFile(home.file("blob.txt"), "some bytes of no image");
    const digest = digestOf("some bytes of no image");
    const put = ["-c", '"$1" blob put "$2" < blob.txt', "sh", regctl, remote("team/blobs")];
    assert.deepEqual(lines(await home.run("sh", ...put)), [digest]);
    const blob = [remote("team/blobs"), digest];
    assert.equal(await run("blob", "get", ...blob), "some bytes of no image");
    await run("blob", "delete", ...blob);
    assert.match(await fail("blob", "get", ...blob), /not found/i);
  });

  it("lists repositories and tags in pages", async () => {
    for (const tag of ["2", "3", "4"]) {
      await run("image", "copy", remote("team/multi:1"), remote(`team/multi:${tag}`));
    }
    const repositories = lines(await run("repo", "ls", under.server.host));
    assert.ok(repositories.includes("shop/team/multi"), repositories.join(" "));
    const page = ["tag", "ls", "--limit", "2", "--last", "1", remote("team/multi")];
    assert.deepEqual(lines(await run(...page)), ["2", "3"]);
  });

  it("copies one platform of an index, and an image by its digest", async () => {
    const arm = ["--platform", "linux/arm64"];
    const [digest = ""] = lines(await run("manifest", "head", ...arm, remote("team/multi:1")));
    await run("image", "copy", ...arm, remote("team/multi:1"), remote("team/arm:1"));
    assert.deepEqual(lines(await run("image", "digest", remote("team/arm:1"))), [digest]);
    await run("image", "copy", remote(`team/multi@${index.digest}`), remote("team/whole:1"));
    assert.deepEqual(lines(await run("image", "digest", remote("team/whole:1"))), [index.digest]);
  });

  it("copies an image with its referrers, and lists them by type", async () => {
    await run("image", "copy", remote("team/multi:1"), remote("team/signed:1"));
    const put = async (kind: string) => {
      await writeFile(home.file(`${kind}.txt`), `the ${kind}`);
      const as = ["--artifact-type", `application/vnd.example.${kind}`];
      const file = ["--file", home.file(`${kind}.txt`)];
      await run("artifact", "put", ...as, ...file, "--subject", remote("team/signed:1"));
    };
    await put("sbom");
    await put("signature");
    await run("image", "copy", "--referrers", remote("team/signed:1"), remote("other/signed:1"));
    const types = async (...filter: string[]) => {
      const list = await run(
        "artifact",
        "list",
        "--format",
        "{{json .}}",
        ...filter,
        remote("other/signed:1"),
      );
      const { descriptors }: { descriptors: { artifactType: string }[] } = JSON.parse(list);
      return descriptors.map(({ artifactType }) => artifactType).sort();
    };
    const [sbom, signature] = ["application/vnd.example.sbom", "application/vnd.example.signature"];
    assert.deepEqual(await types(), [sbom, signature]);
    assert.deepEqual(await types("--filter-artifact-type", sbom ?? ""), [sbom]);
  });

  it("pulls with a token that may pull, and is refused to push and to delete", async () => {
    const { server, registry } = under;
    await logIn(await makeToken(server.url, registry, "puller", [PULL_ONLY]));
    await run("image", "copy", remote("team/multi:1"), `ocidir://${home.file("pulled")}:latest`);
    const source = `ocidir://${index.path}:latest`;
    const refusal = /denied|forbidden|unauthorized|403/i;
    assert.match(await fail("image", "copy", source, remote("team/refused:1")), refusal);
    assert.match(await fail("tag", "delete", remote("team/multi:1")), refusal);
    assert.match(await fail("manifest", "delete", remote(`team/multi@${index.digest}`)), refusal);
  });

  it("gets nothing with a wrong password, and nothing without one", async () => {
    const by = ["--user", under.token.username, "--pass", "not-the-password"];
    assert.match(await fail("registry", "login", ...by, under.server.host), /unauthorized|401/i);
    const head = ["manifest", "head", remote("team/multi:1")];
    assert.match(await fail(...head), /unauthorized|401/i);
    await run("registry", "logout", under.server.host);
    assert.match(await fail(...head), /unauthorized|401/i);
  });
});
