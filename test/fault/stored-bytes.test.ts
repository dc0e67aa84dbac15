import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { readdir, readFile, stat } from "node:fs/promises";
import { join } from "node:path";
import { bearerFor } from "../support/bearer.ts";
import { OCI_INDEX } from "../support/content.ts";
import { assertStatus, type DistributionClient } from "../support/distribution-client.ts";
import { OWNER } from "../support/management.ts";
import { type RegistryUnderTest, startRegistry } from "../support/registry-under-test.ts";

/** Words that stand in what is pushed and nowhere else. */
function marker(what: string): string {
  return `marker-${what}-${randomBytes(9).toString("hex")}`;
}

interface StoredFile {
  readonly path: string;
  readonly mode: number;
  readonly isDirectory: boolean;
}

async function filesBelow(directory: string): Promise<StoredFile[]> {
  const entries = await readdir(directory, { recursive: true });
  const paths = [directory, ...entries.map((entry) => join(directory, entry))];
  return Promise.all(
    paths.map(async (path) => {
      const { mode, isDirectory } = await stat(path).then((stats) => ({
        mode: stats.mode & 0o777,
        isDirectory: stats.isDirectory(),
      }));
      return { path, mode, isDirectory };
    }),
  );
}

describe("the files of a server", () => {
  const secrets = new Map<string, string>();
  let under: RegistryUnderTest;
  let client: DistributionClient;

  before(async () => {
    under = await startRegistry();
    client = under.client;
    await pushMarkers();
    secrets.set("a token's secret", under.token.password);
    secrets.set("a token's secret without its prefix", under.token.password.slice(4));
    secrets.set("a person's password", OWNER.password);
    secrets.set(
      "a bearer token",
      await bearerFor(under.server.url, under.token, "repository:shop/app:pull"),
    );
  });
  after(() => under.server.stop());

  async function pushMarkers(): Promise<void> {
    const repeated = (what: string, times: number) => {
      const word = marker(what);
      secrets.set(what, word);
      return Buffer.from(`${word} `.repeat(times));
    };
    await client.pushBlob("app", repeated("a small blob", 3));
    await client.pushBlob("app", repeated("a blob of one block", 3000));
    await client.pushBlob("app", repeated("a blob of several blocks", 30_000));
    const text = (what: string) => repeated(what, 1).toString().trim();
    const image = await client.pushImage("app", "1", {
      artifactType: `application/vnd.example.${marker("x").slice(-18)}`,
      annotations: { [text("an annotation's name")]: text("an annotation's value") },
      unknown: text("a manifest's unknown field"),
    });
    await client.pushImage("app", undefined, {
      subject: { mediaType: OCI_INDEX, digest: image.digest, size: image.bytes.length },
      annotations: { note: text("a referrer's annotation") },
    });
    for (const [what, times] of [
      ["a small upload under way", 3],
      ["a large upload under way", 30_000],
    ] as const) {
      const location = await client.startUpload("app");
      assertStatus(await client.send("PATCH", location, { body: repeated(what, times) }), 202);
    }
    const cancelled = await client.startUpload("app");
    await client.send("PATCH", cancelled, { body: repeated("a cancelled upload", 3) });
    await client.send("DELETE", cancelled);
    const deleted = await client.pushBlob("app", repeated("a deleted blob", 3));
    await client.ask("DELETE", "app", `blobs/${deleted}`);
  }

  async function assertNothingReadable(): Promise<void> {
    const found: string[] = [];
    let searched = 0;
    for (const { path, isDirectory } of await filesBelow(under.server.dataDir)) {
      if (!isDirectory) {
        const bytes = await readFile(path);
        searched += bytes.length;
        for (const [what, secret] of secrets) {
          const spellings = [
            Buffer.from(secret),
            Buffer.from(Buffer.from(secret).toString("base64").slice(2, -4)),
            Buffer.from(Buffer.from(secret).toString("hex")),
          ];
          if (spellings.some((spelling) => bytes.includes(spelling))) {
            found.push(`${what} in ${path}`);
          }
        }
      }
    }
    assert.ok(searched > 1_000_000, `only ${searched} bytes were searched`);
    assert.deepEqual(found, []);
  }

  it("hold nothing readable of what was pushed, and no secret, while it runs", async () => {
    const names = (await filesBelow(under.server.dataDir)).map(({ path }) => path);
    assert.ok(
      names.some((name) => name.endsWith("-wal")),
      "the write-ahead log is there",
    );
    await assertNothingReadable();
  });

  it("hold nothing readable after it was killed, was started again, and was stopped", async () => {
    const { server } = under;
    await server.kill("SIGKILL");
    await assertNothingReadable();
    await server.restart();
    await server.kill("SIGTERM");
    await assertNothingReadable();
    await server.restart();
  });

  it("are for their owner alone: directories 0700, files 0600", async () => {
    const wrong = (await filesBelow(under.server.dataDir)).filter(
      ({ mode, isDirectory }) => mode !== (isDirectory ? 0o700 : 0o600),
    );
    assert.deepEqual(
      wrong.map(({ path, mode }) => `${path} ${mode.toString(8)}`),
      [],
    );
  });

  it("and its log hold no secret", () => {
    const { log } = under.server;
    assert.ok(log.includes('"event":"request"'), "the log has no requests");
    for (const [what, secret] of secrets) {
      assert.ok(!log.includes(secret), `${what} is in the log`);
    }
  });
});
