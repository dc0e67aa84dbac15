import assert from "node:assert/strict";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { digestOf, someContent } from "../support/content.ts";
import { assertRefused, assertStatus, type PushedImage } from "../support/distribution-client.ts";
import { eventually } from "../support/eventually.ts";
import { type RegistryUnderTest, startRegistry } from "../support/registry-under-test.ts";

describe("content in the database that is damaged", () => {
  let under: RegistryUnderTest;
  let image: PushedImage;
  let others: string[];

  before(async () => {
    under = await startRegistry();
    image = await under.client.pushImage("app", "1");
    others = [];
    for (let count = 0; count < 2; count++) {
      others.push(await under.client.pushBlob("app", someContent(500)));
    }
    // Nothing of it is in memory any more when it is asked for.
    await under.server.kill("SIGTERM");
    const database = new DatabaseSync(join(under.server.dataDir, "metadata.sqlite"));
    try {
      const flip = (table: string, digest: string) => {
        const row = database.prepare(`select sealed from ${table} where digest = ?`).get(digest);
        assert.ok(row?.["sealed"] instanceof Uint8Array);
        const sealed = Buffer.from(row["sealed"]);
        const at = Math.floor(sealed.byteLength / 2);
        sealed.writeUInt8(sealed.readUInt8(at) ^ 1, at);
        database.prepare(`update ${table} set sealed = ? where digest = ?`).run(sealed, digest);
      };
      flip("manifests", image.digest);
      flip("blobs", digestOf(image.layer));
      const [one = "", other = ""] = others;
      const swap = `update blobs set sealed = (select sealed from blobs where digest = ?) where digest = ?`;
      database.prepare(swap).run(one, other);
    } finally {
      database.close();
    }
    await under.server.restart();
  });
  after(() => under.server.stop());

  const untilLogged = (digest: string) =>
    eventually("the log to name the digest", async () => {
      const lines = under.server.log.split("\n");
      return lines.find((line) => line.includes('"level":"error"') && line.includes(digest));
    });

  it("is a manifest that is refused and logged, and goes on being listed", async () => {
    for (const reference of ["1", image.digest]) {
      const answer = await under.client.ask("GET", "app", `manifests/${reference}`);
      assertRefused(answer, 500, "UNKNOWN");
    }
    await untilLogged(image.digest);
    assertStatus(await under.client.ask("GET", "app", "tags/list"), 200);
  });

  it("is a small blob that is refused and logged", async () => {
    const digest = digestOf(image.layer);
    assertRefused(await under.client.ask("GET", "app", `blobs/${digest}`), 500, "UNKNOWN");
    await untilLogged(digest);
  });

  it("is a small blob in another one's row", async () => {
    const [one = "", other = ""] = others;
    assertStatus(await under.client.ask("GET", "app", `blobs/${one}`), 200);
    assertRefused(await under.client.ask("GET", "app", `blobs/${other}`), 500, "UNKNOWN");
    await untilLogged(other);
  });
});
