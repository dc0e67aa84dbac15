import assert from "node:assert/strict";
import {
  CONFIG_TYPE,
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
  type PushedImage,
} from "../../support/distribution-client.ts";
import { type Answer, jsonOf } from "../../support/http-request.ts";
import { followPages } from "../../support/pages.ts";
import { type RegistryUnderTest, startRegistry } from "../../support/registry-under-test.ts";

interface ReferrerDocument {
  readonly mediaType: string;
  readonly digest: string;
  readonly size: number;
  readonly artifactType?: string;
  readonly annotations?: Readonly<Record<string, string>>;
}

const SIGNATURE = "application/vnd.example.signature";
const SBOM = "application/vnd.example.sbom+json";

describe("the list of referrers (Listing Referrers)", () => {
  let under: RegistryUnderTest;
  let client: DistributionClient;
  let subject: PushedImage;

  before(async () => {
    under = await startRegistry();
    client = under.client;
    subject = await client.pushImage("app", "1");
  });
  after(() => under.server.stop());

  function refer(more: object = {}, to = subject.digest, repository = "app"): Promise<PushedImage> {
    const descriptor = { mediaType: OCI_MANIFEST, digest: to, size: subject.bytes.length };
    return client.pushImage(repository, undefined, { subject: descriptor, ...more });
  }

  function referrersOf(answer: Answer): ReferrerDocument[] {
    assertStatus(answer, 200);
    assert.equal(answer.headers["content-type"], OCI_INDEX);
    const { manifests, ...rest } = jsonOf(answer) as { manifests: ReferrerDocument[] };
    assert.deepEqual(rest, { schemaVersion: 2, mediaType: OCI_INDEX });
    return manifests;
  }

  function list(digest: string, query = "", repository = "app"): Promise<Answer> {
    return client.ask("GET", repository, `referrers/${digest}${query}`);
  }

  it("is an empty index for what nobody refers to, even where nothing was pushed", async () => {
    assert.deepEqual(referrersOf(await list(UNKNOWN_DIGEST)), []);
    assert.deepEqual(referrersOf(await list(UNKNOWN_DIGEST, "", "nowhere")), []);
    const { digest } = await client.pushImage("app");
    assert.deepEqual(referrersOf(await list(digest)), []);
  });

  it("describes each: type, digest, size, artifact type, annotations", async () => {
    const annotations = { "org.example.by": "ci", empty: "" };
    const plain = await refer();
    const signature = await refer({ artifactType: SIGNATURE, annotations });
    const index = manifestBytes({
      schemaVersion: 2,
      mediaType: OCI_INDEX,
      artifactType: SBOM,
      manifests: [],
      subject: { mediaType: OCI_MANIFEST, digest: subject.digest, size: subject.bytes.length },
    });
    assertStatus(await client.putManifest("app", digestOf(index), index, OCI_INDEX), 201);
    const found = referrersOf(await list(subject.digest));
    const expected: ReferrerDocument[] = [
      {
        mediaType: OCI_MANIFEST,
        digest: plain.digest,
        size: plain.bytes.length,
        artifactType: CONFIG_TYPE,
      },
      {
        mediaType: OCI_MANIFEST,
        digest: signature.digest,
        size: signature.bytes.length,
        artifactType: SIGNATURE,
        annotations,
      },
      {
        mediaType: OCI_INDEX,
        digest: digestOf(index),
        size: index.length,
        artifactType: SBOM,
      },
    ];
    const byDigest = (one: ReferrerDocument, other: ReferrerDocument) =>
      one.digest < other.digest ? -1 : 1;
    assert.deepEqual(found.toSorted(byDigest), expected.toSorted(byDigest));
  });

  it("holds those of one artifact type when asked to, and says so", async () => {
    const { digest } = await client.pushImage("app");
    const signature = await refer({ artifactType: SIGNATURE }, digest);
    await refer({ artifactType: SBOM }, digest);
    const query = `?artifactType=${encodeURIComponent(SIGNATURE)}`;
    const answer = await list(digest, query);
    assert.equal(answer.headers["oci-filters-applied"], "artifactType");
    assert.deepEqual(
      referrersOf(answer).map((referrer) => referrer.digest),
      [signature.digest],
    );
    const none = await list(digest, "?artifactType=text%2Fplain");
    assert.deepEqual(referrersOf(none), []);
    assert.equal(none.headers["oci-filters-applied"], "artifactType");
    assert.equal((await list(digest)).headers["oci-filters-applied"], undefined);
  });

  it("is there for a subject that is pushed later", async () => {
    const later = await client.pushImage("elsewhere");
    const early = await refer({}, later.digest, "late");
    const before = referrersOf(await list(later.digest, "", "late"));
    assert.deepEqual(
      before.map(({ digest }) => digest),
      [early.digest],
    );
    await client.pushBlob("late", later.config);
    await client.pushBlob("late", later.layer);
    assertStatus(await client.putManifest("late", "1", later.bytes), 201);
    assert.equal(referrersOf(await list(later.digest, "", "late")).length, 1);
  });

  it("is the repository's own", async () => {
    await refer({}, subject.digest, "other");
    assert.equal(referrersOf(await list(subject.digest, "", "other")).length, 1);
    assert.deepEqual(referrersOf(await list(subject.digest, "", "third")), []);
  });

  it("stays when its subject is deleted", async () => {
    const gone = await client.pushImage("app");
    const signature = await refer({}, gone.digest);
    assertStatus(await client.ask("DELETE", "app", `manifests/${gone.digest}`), 202);
    const left = referrersOf(await list(gone.digest));
    assert.deepEqual(
      left.map(({ digest }) => digest),
      [signature.digest],
    );
  });

  it("in pages is complete when its links are followed, the filter with them", async () => {
    const { digest } = await client.pushImage("app");
    const pushed: string[] = [];
    for (let count = 0; count < 5; count++) {
      pushed.push((await refer({ artifactType: SIGNATURE }, digest)).digest);
      await refer({ artifactType: SBOM }, digest);
    }
    const query = `?n=2&artifactType=${encodeURIComponent(SIGNATURE)}`;
    const path = client.path("app", `referrers/${digest}${query}`);
    const pages = await followPages<ReferrerDocument>(client, path, "manifests");
    assert.equal(pages.length, 3);
    assert.deepEqual(
      pages.flat().map((referrer) => referrer.digest),
      pushed.toSorted(),
    );
  });

  it("of what is no digest is refused", async () => {
    for (const reference of ["latest", "sha256:1", "sha256"]) {
      assertRefused(await list(reference), 400, "DIGEST_INVALID");
    }
  });
});
