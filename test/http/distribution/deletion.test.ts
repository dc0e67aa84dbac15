import assert from "node:assert/strict";
import {
  digestOf,
  manifestBytes,
  OCI_INDEX,
  OCI_MANIFEST,
  UNKNOWN_DIGEST,
} from "../../support/content.ts";
import {
  assertRefused,
  assertStatus,
  type DistributionClient,
} from "../../support/distribution-client.ts";
import { jsonOf } from "../../support/http-request.ts";
import { type RegistryUnderTest, startRegistry } from "../../support/registry-under-test.ts";

describe("deleting", () => {
  let under: RegistryUnderTest;
  let client: DistributionClient;

  before(async () => {
    under = await startRegistry();
    client = under.client;
  });
  after(() => under.server.stop());

  async function tagsOf(repository: string): Promise<string[]> {
    const answer = await client.ask("GET", repository, "tags/list");
    assertStatus(answer, 200);
    return (jsonOf(answer) as { tags: string[] }).tags;
  }

  it("a tag leaves the manifest and its other tags (Deleting tags)", async () => {
    const { digest, bytes } = await client.pushImage("tags", "a");
    assertStatus(await client.putManifest("tags", "b", bytes), 201);
    assertStatus(await client.ask("DELETE", "tags", "manifests/a"), 202);
    assertRefused(await client.ask("GET", "tags", "manifests/a"), 404, "MANIFEST_UNKNOWN");
    assert.deepEqual(await tagsOf("tags"), ["b"]);
    assertStatus(await client.ask("DELETE", "tags", "manifests/b"), 202);
    assertStatus(await client.ask("GET", "tags", `manifests/${digest}`), 200);
    assert.deepEqual(await tagsOf("tags"), []);
  });

  it("a manifest takes its tags with it, and leaves the blobs (Deleting Manifests)", async () => {
    const { digest, bytes, layer } = await client.pushImage("whole", "a");
    await client.putManifest("whole", "b", bytes);
    const other = await client.pushImage("whole", "c");
    assertStatus(await client.ask("DELETE", "whole", `manifests/${digest}`), 202);
    for (const reference of ["a", "b", digest]) {
      assertRefused(
        await client.ask("GET", "whole", `manifests/${reference}`),
        404,
        "MANIFEST_UNKNOWN",
      );
    }
    assert.deepEqual(await tagsOf("whole"), ["c"]);
    assertStatus(await client.ask("GET", "whole", `manifests/${other.digest}`), 200);
    assertStatus(await client.ask("HEAD", "whole", `blobs/${digestOf(layer)}`), 200);
  });

  it("a manifest here leaves the same one in another repository", async () => {
    const image = await client.pushImage("one", "1");
    await client.pushBlob("two", image.config);
    await client.pushBlob("two", image.layer);
    assertStatus(await client.putManifest("two", "1", image.bytes), 201);
    assertStatus(await client.ask("DELETE", "one", `manifests/${image.digest}`), 202);
    const left = await client.ask("GET", "two", "manifests/1");
    assert.ok(left.body.equals(image.bytes));
  });

  it("an index leaves its children", async () => {
    const child = await client.pushImage("multi");
    const index = manifestBytes({
      schemaVersion: 2,
      mediaType: OCI_INDEX,
      manifests: [{ mediaType: OCI_MANIFEST, digest: child.digest, size: child.bytes.length }],
    });
    await client.putManifest("multi", "1", index, OCI_INDEX);
    assertStatus(await client.ask("DELETE", "multi", `manifests/${digestOf(index)}`), 202);
    assertStatus(await client.ask("GET", "multi", `manifests/${child.digest}`), 200);
  });

  it("what is not there is 404, and twice is once", async () => {
    const { digest } = await client.pushImage("twice", "1");
    for (const reference of ["nothing", UNKNOWN_DIGEST]) {
      const answer = await client.ask("DELETE", "twice", `manifests/${reference}`);
      assertRefused(answer, 404, "MANIFEST_UNKNOWN");
    }
    assertStatus(await client.ask("DELETE", "twice", `manifests/${digest}`), 202);
    const again = await client.ask("DELETE", "twice", `manifests/${digest}`);
    assertRefused(again, 404, "MANIFEST_UNKNOWN");
    assertRefused(await client.ask("DELETE", "nowhere", "manifests/1"), 404, "MANIFEST_UNKNOWN");
  });

  it("a manifest and pushing it again brings it back", async () => {
    const { digest, bytes } = await client.pushImage("again", "1");
    await client.ask("DELETE", "again", `manifests/${digest}`);
    assertStatus(await client.putManifest("again", "1", bytes), 201);
    assert.ok((await client.ask("GET", "again", "manifests/1")).body.equals(bytes));
  });

  it("a referrer takes it out of its subject's list", async () => {
    const subject = await client.pushImage("signed", "1");
    const descriptor = {
      mediaType: OCI_MANIFEST,
      digest: subject.digest,
      size: subject.bytes.length,
    };
    const signature = await client.pushImage("signed", undefined, { subject: descriptor });
    const list = async () => {
      const answer = await client.ask("GET", "signed", `referrers/${subject.digest}`);
      return (jsonOf(answer) as { manifests: { digest: string }[] }).manifests;
    };
    assert.deepEqual(
      (await list()).map(({ digest }) => digest),
      [signature.digest],
    );
    assertStatus(await client.ask("DELETE", "signed", `manifests/${signature.digest}`), 202);
    assert.deepEqual(await list(), []);
  });
});
