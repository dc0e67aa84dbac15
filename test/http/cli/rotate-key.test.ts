import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { readFile, rename, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { FileKeyVault } from "../../../provider/server/src/adapters/key-vault-file/file-key-vault.ts";
import { SqliteMetadataStore } from "../../../provider/server/src/adapters/metadata-sqlite/sqlite-metadata-store.ts";
import { rotateMasterKey } from "../../../provider/server/src/app/rotate-master-key.ts";
import { killedAfter, printed, runProgram } from "../../support/command.ts";
import { digestOf, someContent } from "../../support/content.ts";
import { assertStatus, withDigest } from "../../support/distribution-client.ts";
import { expectServed, type PushedContent, pushContent } from "../../support/pushed-content.ts";
import { type RegistryUnderTest, startRegistry } from "../../support/registry-under-test.ts";

const LIVES_MILLISECONDS = [150, 300, 450, 600];

describe("moorage rotate-key", function () {
  this.timeout(120_000);
  let under: RegistryUnderTest;
  let content: PushedContent;
  const settings = () => ({ MOORAGE_DATA_DIR: under.server.dataDir });
  // Not where another server may run.
  const startable = () => ({ ...settings(), MOORAGE_LISTEN: under.server.host });
  const keyFile = () => join(under.server.dataDir, "master-key");

  beforeEach(async () => {
    under = await startRegistry();
    content = await pushContent(under.client, "app");
  });
  afterEach(() => under.server.stop());

  async function expectAllThere(): Promise<void> {
    await under.server.restart();
    await expectServed(under.client, content);
    content = new Map([...content, ...(await pushContent(under.client, "later"))]);
    await under.server.kill("SIGTERM");
  }

  it("does nothing beside a running server", async () => {
    const before = await readFile(keyFile(), "utf8");
    const { code, errors } = await runProgram(["rotate-key"], settings());
    assert.equal(code, 1);
    assert.match(errors, /^moorage: a server, or another command, is using .*; stop it first/);
    assert.equal(await readFile(keyFile(), "utf8"), before);
    await expectServed(under.client, content);
  });

  it("exchanges the key: content and tokens stay, and the old key opens nothing more", async () => {
    await under.server.kill("SIGTERM");
    const old = await readFile(keyFile(), "utf8");
    const rotated = await runProgram(["rotate-key"], settings());
    assert.equal(rotated.code, 0, rotated.errors);
    assert.match(printed(rotated, "keys"), /^4 \(0 had it already\)$/);
    assert.notEqual(await readFile(keyFile(), "utf8"), old);
    const kept = `${keyFile()}.${printed(rotated, "old key")}.old`;
    assert.equal(await readFile(kept, "utf8"), old);
    await expectAllThere();
    await writeFile(keyFile(), old);
    const refused = await runProgram(["serve"], startable());
    assert.equal(refused.code, 1);
    assert.ok(refused.errors.includes(`(id ${printed(rotated, "new key")})`), refused.errors);
  });

  it("lets uploads go on that began before, with bytes or without any", async () => {
    const { client } = under;
    const bytes = someContent(900_000);
    const [begun, given] = [await client.startUpload("app"), await client.startUpload("app")];
    assertStatus(await client.send("PATCH", begun, { body: bytes.subarray(0, 500_000) }), 202);
    await under.server.kill("SIGTERM");
    const rotated = await runProgram(["rotate-key"], settings());
    assert.equal(rotated.code, 0, rotated.errors);
    await under.server.restart();
    const end = withDigest(begun, digestOf(bytes));
    assertStatus(await client.send("PUT", end, { body: bytes.subarray(500_000) }), 201);
    const pulled = await client.ask("GET", "app", `blobs/${digestOf(bytes)}`);
    assert.ok(pulled.body.equals(bytes));
    const small = someContent();
    const put = withDigest(given, digestOf(small));
    assertStatus(await client.send("PUT", put, { body: small }), 201);
    await under.server.kill("SIGTERM");
  });

  it("takes the key from a setting and to a file, which it makes if need be", async () => {
    await under.server.kill("SIGTERM");
    const elsewhere = join(under.server.dataDir, "..", "key-one");
    await rename(keyFile(), elsewhere);
    const withKey = { ...settings(), MOORAGE_MASTER_KEY_FILE: elsewhere };
    const unnamed = await runProgram(["rotate-key"], withKey);
    assert.equal(unnamed.code, 1);
    assert.match(unnamed.errors, /--new-key-file has to say where the new one is/);
    const next = join(under.server.dataDir, "..", "key-two");
    const rotated = await runProgram(["rotate-key", "--new-key-file", next], withKey);
    assert.equal(rotated.code, 0, rotated.errors);
    const again = await runProgram(["rotate-key", "--new-key-file", next], withKey);
    assert.match(printed(again, "keys"), /^4 \(4 had it already\)$/);
    const missing = await runProgram(["serve"], startable());
    assert.equal(missing.code, 1);
    assert.ok(
      missing.errors.includes(`needs the master key with id ${printed(rotated, "new key")}`),
    );
    await rename(next, keyFile());
    await expectAllThere();
  });

  it("finishes what an earlier run began, whichever of the two keys the data is under", async () => {
    await under.server.kill("SIGTERM");
    const next = randomBytes(32);
    await writeFile(`${keyFile()}.new`, `${next.toString("base64")}\n`, { mode: 0o600 });
    await expectAllThere();
    const store = await SqliteMetadataStore.open(join(under.server.dataDir, "metadata.sqlite"));
    const current = Buffer.from(await readFile(keyFile(), "utf8"), "base64");
    const from = new FileKeyVault(current);
    await rotateMasterKey(store.instance, from, new FileKeyVault(next));
    await store.close();
    await expectAllThere();
    const other = join(under.server.dataDir, "..", "other");
    await writeFile(other, randomBytes(32).toString("base64"));
    const refused = await runProgram(["rotate-key", "--new-key-file", other], settings());
    assert.match(refused.errors, /has not finished; run .* without --new-key-file first/);
    const finished = await runProgram(["rotate-key"], settings());
    assert.match(printed(finished, "keys"), /^4 \(4 had it already\)$/);
    assert.equal(await readFile(keyFile(), "utf8"), `${next.toString("base64")}\n`);
    await expectAllThere();
  });

  it("may be killed at any moment: a server starts, and the next run finishes", async () => {
    await under.server.kill("SIGTERM");
    for (const milliseconds of LIVES_MILLISECONDS) {
      await killedAfter(milliseconds, ["rotate-key"], settings());
      const verified = await runProgram(["verify"], settings());
      assert.equal(verified.code, 0, verified.errors);
    }
    await expectAllThere();
    const finished = await runProgram(["rotate-key"], settings());
    assert.equal(finished.code, 0, finished.errors);
    await expectAllThere();
  });

  it("refuses a key that is none, or that is the old one, and changes nothing", async () => {
    await under.server.kill("SIGTERM");
    const given = join(under.server.dataDir, "..", "given");
    await writeFile(given, "short");
    const bad = await runProgram(["rotate-key", "--new-key-file", given], settings());
    assert.equal(bad.code, 1);
    assert.match(bad.errors, /the master key in the file .* expected 32 random bytes/);
    await writeFile(given, await readFile(keyFile()));
    const same = await runProgram(["rotate-key", "--new-key-file", given], settings());
    assert.match(same.errors, /the new master key is the old one; nothing was changed/);
    await rm(given);
    await expectAllThere();
  });
});
