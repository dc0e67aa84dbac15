import assert from "node:assert/strict";
import { rm, truncate } from "node:fs/promises";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { type CommandOutcome, printed, runProgram } from "../../support/command.ts";
import { descriptorOf, OCI_MANIFEST, someContent } from "../../support/content.ts";
import { filesBelow, flipBit } from "../../support/data-files.ts";
import { pushContent } from "../../support/pushed-content.ts";
import { type RegistryUnderTest, startRegistry } from "../../support/registry-under-test.ts";

const DIGEST = "sha256:[0-9a-f]{64}";

describe("moorage verify", function () {
  this.timeout(60_000);
  let under: RegistryUnderTest;

  beforeEach(async () => {
    under = await startRegistry();
    await pushContent(under.client, "team/app");
  });
  afterEach(() => under.server.stop());

  const verify = (): Promise<CommandOutcome> =>
    runProgram(["verify"], { MOORAGE_DATA_DIR: under.server.dataDir });
  const problems = async (): Promise<readonly string[]> => {
    const { code, output, errors } = await verify();
    const found = output.split("\n").filter((line) => line.startsWith("problem: "));
    assert.equal(printed({ code, output, errors }, "problems"), String(found.length), errors);
    assert.equal(code, found.length === 0 ? 0 : 1);
    return found.map((line) => line.slice("problem: ".length));
  };
  const database = (statement: string) => {
    const opened = new DatabaseSync(join(under.server.dataDir, "metadata.sqlite"), {
      timeout: 5000,
      enableForeignKeyConstraints: false,
    });
    try {
      opened.exec(statement);
    } finally {
      opened.close();
    }
  };

  it("finds nothing wrong with what clients did, deletions included, beside a running server", async () => {
    const { client } = under;
    const child = descriptorOf(OCI_MANIFEST, (await client.pushImage("team/app", "child")).bytes);
    const index = JSON.stringify({
      schemaVersion: 2,
      mediaType: "application/vnd.oci.image.index.v1+json",
      manifests: [child],
    });
    const mediaType = "application/vnd.oci.image.index.v1+json";
    assert.equal((await client.putManifest("team/app", "index", index, mediaType)).status, 201);
    await client.ask("DELETE", "team/app", `manifests/${child.digest}`);
    await client.startUpload("team/app");
    await client.pushBlob("other", someContent(200_000));
    assert.deepEqual(await problems(), []);
  });

  it("names the blob whose file is altered, cut short or gone, with its registry and repository", async () => {
    const [altered = "", short = "", gone = ""] = await filesBelow(
      join(under.server.dataDir, "blobs"),
    );
    await flipBit(altered, 5000);
    await truncate(short, 4000);
    await rm(gone);
    const found = await problems();
    assert.equal(found.length, 3);
    for (const problem of found) {
      assert.match(problem, new RegExp(`^registry shop, repository team/app: blob ${DIGEST}: `));
    }
    assert.ok(found.some((problem) => /is not in the blob directory/.test(problem)));
  });

  it("names the small blob and the manifest whose row is altered", async () => {
    database(`update blobs set sealed = zeroblob(length(sealed)) where key =
        (select min(key) from blobs where sealed is not null);
      update manifests set sealed = zeroblob(length(sealed)) where key =
        (select min(key) from manifests)`);
    const found = await problems();
    assert.equal(found.length, 2);
    assert.match(
      found[0] ?? "",
      new RegExp(`^registry shop, repository team/app: blob ${DIGEST}: the sealed .* is damaged`),
    );
    assert.match(
      found[1] ?? "",
      new RegExp(`^registry shop, repository team/app: manifest ${DIGEST}: .* is damaged`),
    );
  });

  it("finds rows that refer to nothing, and references that were lost", async () => {
    database("delete from blobs where key = (select max(key) from blobs where sealed is not null)");
    assert.ok(
      (await problems()).some((problem) => /refer to rows of blobs that are not/.test(problem)),
    );
    database("delete from manifest_references where blob_key is not null");
    assert.ok(
      (await problems()).some((problem) => /refers to the blob .*, which is not/.test(problem)),
    );
  });

  it("says in a sentence that the database is destroyed", async () => {
    await under.server.kill("SIGTERM");
    await truncate(join(under.server.dataDir, "metadata.sqlite"), 9000);
    const { code, errors } = await verify();
    assert.equal(code, 1);
    assert.match(errors, /^moorage: the database cannot be used: .*\n$/);
  });

  it("asks for a data directory that is one, and for one thing at a time", async () => {
    const nothing = await runProgram(["verify", "--data-dir", "/nonexistent"], {});
    assert.equal(nothing.code, 1);
    assert.match(nothing.errors, /\/nonexistent has no metadata\.sqlite/);
    const both = await runProgram(["verify", "--data-dir", "/a", "--backup", "/b"], {});
    assert.equal(both.code, 2);
    assert.match(both.errors, /either --data-dir or --backup, not both/);
  });
});
