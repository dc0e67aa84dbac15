import assert from "node:assert/strict";
import { UNKNOWN_DIGEST } from "../../support/content.ts";
import {
  assertRefused,
  assertStatus,
  type PushedImage,
} from "../../support/distribution-client.ts";
import { jsonOf } from "../../support/http-request.ts";
import { type RegistryUnderTest, startRegistry } from "../../support/registry-under-test.ts";

describe("several tags in one push (distribution-spec main, Pushing Manifests, OCI-Tag)", () => {
  let under: RegistryUnderTest;
  let image: PushedImage;

  before(async () => {
    under = await startRegistry();
    image = await under.client.pushImage("app");
  });
  after(() => under.server.stop());

  const put = (reference: string) => under.client.putManifest("app", reference, image.bytes);

  async function tags(): Promise<unknown> {
    return jsonOf(await under.client.ask("GET", "app", "tags/list"));
  }

  it("all point at it, and the answer names each once", async () => {
    const answer = await put(`${image.digest}?tag=1.2.3&tag=1.2&tag=latest&tag=1.2`);
    assertStatus(answer, 201);
    assert.equal(answer.headers["oci-tag"], "1.2.3, 1.2, latest");
    assert.equal(answer.headers["docker-content-digest"], image.digest);
    assert.deepEqual(await tags(), { name: "shop/app", tags: ["1.2", "1.2.3", "latest"] });
    const head = await under.client.ask("HEAD", "app", "manifests/latest");
    assert.equal(head.headers["docker-content-digest"], image.digest);
  });

  it("come beside the tag that the path names", async () => {
    const answer = await put("one?tag=two");
    assertStatus(answer, 201);
    assert.equal(answer.headers["oci-tag"], "one, two");
  });

  it("are none where the query names none: there is no OCI-Tag then", async () => {
    assert.equal((await put("three")).headers["oci-tag"], undefined);
  });

  it("are all refused where one is no tag, or the digest is another", async () => {
    const before = await tags();
    assertRefused(await put(`${image.digest}?tag=fine&tag=.bad`), 400, "TAG_INVALID");
    assertRefused(await put(`${image.digest}?tag=fine&tag=`), 400, "TAG_INVALID");
    assertRefused(await put(`${UNKNOWN_DIGEST}?tag=fine`), 400, "DIGEST_INVALID");
    assert.deepEqual(await tags(), before);
  });
});
