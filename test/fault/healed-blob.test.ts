import assert from "node:assert/strict";
import { rm, truncate } from "node:fs/promises";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { runProgram } from "../support/command.ts";
import {
  descriptorOf,
  digestOf,
  LAYER_TYPE,
  manifestBytes,
  someContent,
} from "../support/content.ts";
import { filesBelow, flipBit } from "../support/data-files.ts";
import {
  assertRefused,
  assertStatus,
  type DistributionClient,
  withDigest,
} from "../support/distribution-client.ts";
import { eventually } from "../support/eventually.ts";
import type { Answer } from "../support/http-request.ts";
import { makeToken, PULL_ONLY } from "../support/management.ts";
import { type RegistryUnderTest, startRegistry } from "../support/registry-under-test.ts";

const LARGE = 700_000;
const SMALL = 3000;

interface PushedBlob {
  readonly bytes: Buffer;
  readonly digest: string;
}

describe("a damaged blob that is pushed again", function () {
  this.timeout(60_000);
  let under: RegistryUnderTest;
  let client: DistributionClient;

  before(async () => {
    under = await startRegistry();
    client = under.client;
  });
  after(() => under.server.stop());

  const directory = () => join(under.server.dataDir, "blobs");
  const blob = (method: string, repository: string, digest: string) =>
    client.ask(method, repository, `blobs/${digest}`);

  /** Pushes a blob, which another repository shares, and damages it in one of the ways. */
  async function damaged(size: number, how: (file: string) => Promise<void>): Promise<PushedBlob> {
    const before = new Set(await filesBelow(directory()));
    const bytes = someContent(size);
    const digest = await client.pushBlob("app", bytes);
    const mount = new URLSearchParams({ mount: digest, from: "shop/app" });
    assertStatus(await client.ask("POST", "sharing", `blobs/uploads/?${mount}`), 201);
    const [file = "none"] = (await filesBelow(directory())).filter((name) => !before.has(name));
    await how(file);
    return { bytes, digest };
  }

  const alterRow = async (digest: string) => {
    const database = new DatabaseSync(join(under.server.dataDir, "metadata.sqlite"), {
      timeout: 5000,
    });
    try {
      const statement = "update blobs set sealed = zeroblob(length(sealed)) where digest = ?";
      assert.equal(database.prepare(statement).run(digest).changes, 1);
    } finally {
      database.close();
    }
  };

  const flipped = (file: string) => flipBit(file, 300_000);
  const nothing = async () => {};
  const ways: readonly (readonly [string, () => Promise<PushedBlob>])[] = [
    ["whose file has a flipped bit", () => damaged(LARGE, flipped)],
    ["whose file was cut short", () => damaged(LARGE, (file) => truncate(file, 5000))],
    ["whose file is gone", () => damaged(LARGE, (file) => rm(file))],
    [
      "whose row is altered",
      async () => {
        const made = await damaged(SMALL, nothing);
        await alterRow(made.digest);
        return made;
      },
    ],
  ];

  const pushes: Readonly<Record<string, (made: PushedBlob) => Promise<Answer>>> = {
    "one POST": ({ bytes, digest }) =>
      client.ask("POST", "app", `blobs/uploads/?digest=${digest}`, { body: bytes }),
    "POST and PUT": async ({ bytes, digest }) =>
      client.send("PUT", withDigest(await client.startUpload("app"), digest), { body: bytes }),
    chunks: async ({ bytes, digest }) => {
      const location = await client.startUpload("app");
      const [one, two] = [bytes.subarray(0, 1000), bytes.subarray(1000)];
      assertStatus(await client.send("PATCH", location, { body: one }), 202);
      assertStatus(await client.send("PATCH", location, { body: two }), 202);
      return client.send("PUT", withDigest(location, digest));
    },
  };

  async function assertWhole({ bytes, digest }: PushedBlob): Promise<void> {
    for (const repository of ["app", "sharing"]) {
      assertStatus(await blob("HEAD", repository, digest), 200);
      const answer = await blob("GET", repository, digest);
      assertStatus(answer, 200);
      assert.ok(answer.body.equals(bytes), `other bytes in ${repository}`);
    }
  }

  for (const [what, make] of ways) {
    for (const [how, push] of Object.entries(pushes)) {
      it(`${what}, by ${how}, is whole again in every repository, though nobody had noticed`, async () => {
        const made = await make();
        const files = (await filesBelow(directory())).length;
        assertStatus(await blob("HEAD", "app", made.digest), 200);
        assertStatus(await push(made), 201);
        await assertWhole(made);
        const left = (await filesBelow(directory())).length;
        assert.equal(left, what.endsWith("is gone") ? files + 1 : files, "files were left behind");
      });
    }

    it(`${what} is not there for those who ask, once a pull has met the damage`, async () => {
      const made = await make();
      const { digest } = made;
      await blob("GET", "app", digest).catch(() => undefined);
      await eventually("the damage to be known", async () =>
        (await blob("HEAD", "app", digest)).status === 404 ? true : undefined,
      );
      assertStatus(await blob("HEAD", "sharing", digest), 404);
      const mount = new URLSearchParams({ mount: digest, from: "shop/sharing" });
      assertStatus(await client.ask("POST", "third", `blobs/uploads/?${mount}`), 202);
      const manifest = manifestBytes({
        schemaVersion: 2,
        mediaType: "application/vnd.oci.image.manifest.v1+json",
        config: descriptorOf(LAYER_TYPE, made.bytes),
        layers: [],
      });
      assertRefused(await client.putManifest("app", "1", manifest), 404, "MANIFEST_BLOB_UNKNOWN");
      await client.pushBlob("sharing", made.bytes);
      await assertWhole(made);
      assertStatus(await client.putManifest("app", "1", manifest), 201);
    });
  }

  it("leaves the manifest to those who pull, and hides it from a pusher's question", async () => {
    const { layer, digest } = await client.pushImage("team/app", "1");
    await alterRow(digestOf(layer));
    assertStatus(await client.ask("HEAD", "team/app", "manifests/1"), 200);
    assertStatus(await blob("GET", "team/app", digestOf(layer)), 500);
    const puller = await makeToken(under.server.url, under.registry, "puller", [PULL_ONLY]);
    for (const reference of ["1", digest]) {
      const path = `manifests/${reference}`;
      const question = await client.ask("HEAD", "team/app", path);
      assertStatus(question, 404);
      assertStatus(await client.ask("GET", "team/app", path), 200);
      assertStatus(await client.with({ credentials: puller }).ask("HEAD", "team/app", path), 200);
    }
    await client.pushBlob("team/app", layer);
    assertStatus(await client.ask("HEAD", "team/app", "manifests/1"), 200);
  });

  it("keeps the bytes that are there where they are sound", async () => {
    const before = new Set(await filesBelow(directory()));
    const bytes = someContent(LARGE);
    const digest = await client.pushBlob("app", bytes);
    const stored = (await filesBelow(directory())).filter((name) => !before.has(name));
    await client.pushBlob("other", bytes);
    const after = (await filesBelow(directory())).filter((name) => !before.has(name));
    assert.deepEqual(after, stored);
    assertStatus(await blob("GET", "other", digest), 200);
  });

  it("says in the answer and in the log what is damaged, and that it was healed", async () => {
    const made = await damaged(LARGE, (file) => rm(file));
    const answer = await blob("GET", "app", made.digest);
    assertRefused(answer, 500, "UNKNOWN");
    assert.match(answer.body.toString(), /are damaged; push the blob again/);
    await client.pushBlob("app", made.bytes);
    for (const event of ["blob-damaged", "blob-healed"]) {
      await eventually(`${event} to be logged`, async () =>
        under.server.log
          .split("\n")
          .find((line) => line.includes(`"${event}"`) && line.includes(made.digest)),
      );
    }
  });

  it("is taken for damaged by moorage verify, and for sound when its file is back", async () => {
    const verify = () => runProgram(["verify"], { MOORAGE_DATA_DIR: under.server.dataDir });
    let file = "";
    const { digest } = await damaged(LARGE, async (path) => {
      file = path;
      await flipBit(file, 5000);
    });
    assertStatus(await blob("HEAD", "app", digest), 200);
    assert.equal((await verify()).code, 1);
    assertStatus(await blob("HEAD", "app", digest), 404);
    await flipBit(file, 5000);
    assert.equal((await verify()).code, 0);
    assertStatus(await blob("HEAD", "app", digest), 200);
  });

  it("is healed by several clients at once", async () => {
    const made = await damaged(LARGE, flipped);
    const answers = await Promise.all(
      Array.from({ length: 4 }, () => Object.values(pushes).map((push) => push(made))).flat(),
    );
    for (const answer of answers) {
      assertStatus(answer, 201);
    }
    await assertWhole(made);
    const digests = await blob("GET", "sharing", made.digest);
    assert.equal(digestOf(digests.body), made.digest);
  });
});
