import assert from "node:assert/strict";
import {
  ARTIFACT_TYPE_LENGTH_MAX,
  REFERRERS_BYTES_MAX,
} from "../../../provider/server/src/domain/limits.ts";
import { CONFIG_TYPE, descriptorOf, manifestBytes, OCI_MANIFEST } from "../../support/content.ts";
import { assertRefused, assertStatus } from "../../support/distribution-client.ts";
import { jsonOf } from "../../support/http-request.ts";
import { LocalRegistry } from "../../support/local-registry.ts";

const MIB = 1024 * 1024;

describe("what is far too large", () => {
  let local: LocalRegistry;
  const config = Buffer.from("{}");
  before(async () => {
    local = await LocalRegistry.start();
    await local.client.pushBlob("app", config);
  });
  after(() => local.close());

  const manifest = (more: object) =>
    manifestBytes({
      schemaVersion: 2,
      mediaType: OCI_MANIFEST,
      config: descriptorOf(CONFIG_TYPE, config),
      layers: [],
      ...more,
    });

  it("does not add up in a page of referrers, which ends early and leads on to all of them", async () => {
    const { digest, bytes } = await local.client.pushImage("app", "subject");
    const subject = { mediaType: OCI_MANIFEST, digest, size: bytes.byteLength };
    const count = 6;
    for (let index = 0; index < count; index++) {
      const annotations = { filler: `${index}${"x".repeat(3 * MIB)}` };
      assertStatus(
        await local.client.putManifest("app", `r${index}`, manifest({ subject, annotations })),
        201,
      );
    }
    let path: string | undefined = local.client.path("app", `referrers/${digest}`);
    let found = 0;
    for (let pages = 0; path !== undefined; pages++) {
      assert.ok(pages <= count, "pages without end");
      const answer = await local.client.send("GET", path);
      assertStatus(answer, 200);
      assert.ok(answer.body.byteLength < 2 * REFERRERS_BYTES_MAX);
      found += (jsonOf(answer) as { manifests: unknown[] }).manifests.length;
      path = /<([^>]+)>; rel="next"/.exec(String(answer.headers["link"] ?? ""))?.[1];
    }
    assert.equal(found, count);
  });

  it("is no manifest's artifactType", async () => {
    for (const [length, status] of [
      [ARTIFACT_TYPE_LENGTH_MAX, 201],
      [ARTIFACT_TYPE_LENGTH_MAX + 1, 400],
      [MIB, 400],
    ] as const) {
      const artifactType = `a/${"b".repeat(length - 2)}`;
      assertStatus(await local.client.putManifest("app", "t", manifest({ artifactType })), status);
    }
  });

  it("is a manifest's depth and width only as far as its bytes go, and hurts nobody", async () => {
    const plain = manifest({}).toString().trimEnd().slice(0, -1);
    const depth = 200_000;
    const deep = `${plain},"x":${"[".repeat(depth)}${"]".repeat(depth)}}`;
    const wide = manifest({
      annotations: Object.fromEntries(Array.from({ length: 100_000 }, (_, at) => [`k${at}`, "v"])),
    });
    for (const bytes of [Buffer.from(deep), wide]) {
      assertStatus(await local.client.putManifest("app", "odd", bytes), 201);
      const pulled = await local.client.ask("GET", "app", "manifests/odd");
      assert.deepEqual(pulled.body, Buffer.from(bytes));
    }
    const nothingButDeep = "[".repeat(2_000_000);
    assertRefused(
      await local.client.putManifest("app", "odd", nothingButDeep),
      400,
      "MANIFEST_INVALID",
    );
  });

  it("is no number of ranges: one is served, of more none", async () => {
    const layer = Buffer.from("0123456789");
    const digest = await local.client.pushBlob("app", layer);
    const many = Array.from({ length: 5000 }, () => "0-9").join(",");
    for (const range of [`bytes=${many}`, "bytes=0-0,5-5", `bytes=0-,${"0-,".repeat(1000)}0-`]) {
      const answer = await local.client.ask("GET", "app", `blobs/${digest}`, {
        headers: { range },
      });
      assertStatus(answer, 200);
      assert.deepEqual(answer.body, layer);
    }
    const beyond = { range: "bytes=0-99999999999999999999999999" };
    const answer = await local.client.ask("GET", "app", `blobs/${digest}`, { headers: beyond });
    assertStatus(answer, 206);
    assert.deepEqual(answer.body, layer);
  });

  it("is no page: n beyond all numbers is refused, and is never a page of everything", async () => {
    const { digest } = await local.client.pushImage("app", "v1");
    for (const n of ["1e9", "99999999999999999999", "-1", "NaN", "Infinity", "0x10", "1.5", ""]) {
      for (const rest of ["tags/list", `referrers/${digest}`]) {
        assertStatus(await local.client.ask("GET", "app", `${rest}?n=${n}`), 400);
      }
    }
  });
});
