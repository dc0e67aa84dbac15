import assert from "node:assert/strict";
import {
  DOCKER_LIST,
  DOCKER_MANIFEST,
  type Manifest,
  OCI_ARTIFACT,
  OCI_INDEX,
  OCI_MANIFEST,
  parseManifest,
} from "../../../provider/server/src/domain/manifest.ts";
import { assertRefuses } from "../../support/refusal.ts";

const CONFIG = descriptor("application/vnd.oci.image.config.v1+json", "a");
const LAYER = descriptor("application/vnd.oci.image.layer.v1.tar+gzip", "b");
const CHILD = descriptor(OCI_MANIFEST, "c");
const IMAGE = { schemaVersion: 2, mediaType: OCI_MANIFEST, config: CONFIG, layers: [LAYER] };

function descriptor(mediaType: string, digit: string, more: object = {}) {
  return { mediaType, digest: `sha256:${digit.repeat(64)}`, size: 3, ...more };
}

function parse(document: unknown, contentType?: string): Manifest {
  return parseManifest(Buffer.from(JSON.stringify(document)), contentType);
}

function digests(descriptors: Manifest["blobs"]): string[] {
  return descriptors.map(({ digest }) => digest.slice(7, 8));
}

describe("an image manifest", () => {
  for (const mediaType of [OCI_MANIFEST, DOCKER_MANIFEST]) {
    it(`of type ${mediaType} needs its config and its layers`, () => {
      const manifest = parse({ ...IMAGE, mediaType }, mediaType);
      assert.equal(manifest.mediaType, mediaType);
      assert.deepEqual(digests(manifest.blobs), ["a", "b"]);
      assert.deepEqual(manifest.manifests, []);
      assert.equal(manifest.subject, undefined);
    });
  }

  it("has the config's media type for its artifact type unless it names one", () => {
    assert.equal(parse(IMAGE).artifactType, CONFIG.mediaType);
    assert.equal(parse({ ...IMAGE, artifactType: "text/x" }).artifactType, "text/x");
    assert.equal(parse({ ...IMAGE, artifactType: "" }).artifactType, CONFIG.mediaType);
  });

  it("keeps its subject and annotations", () => {
    const manifest = parse({ ...IMAGE, subject: CHILD, annotations: { a: "b" } });
    assert.equal(manifest.subject?.digest, CHILD.digest);
    assert.deepEqual(manifest.annotations, { a: "b" });
    assert.deepEqual(digests(manifest.blobs), ["a", "b"], "the subject need not be there");
  });

  it("tells layers that may be had elsewhere", () => {
    const foreign = descriptor("application/vnd.docker.image.rootfs.foreign.diff.tar.gzip", "d", {
      urls: ["https://content.example/d"],
    });
    const manifest = parse({ ...IMAGE, layers: [LAYER, foreign, { ...LAYER, urls: [] }] });
    assert.deepEqual(
      manifest.blobs.map(({ hasUrls }) => hasUrls),
      [false, false, true, false],
    );
  });

  it("may carry fields that nobody knows", () => {
    assert.equal(parse({ ...IMAGE, "x-unknown": { deep: [1] } }).mediaType, OCI_MANIFEST);
  });

  it("takes its type from the request where it names none", () => {
    const { mediaType: _, ...untyped } = IMAGE;
    assert.equal(parse(untyped, OCI_MANIFEST).mediaType, OCI_MANIFEST);
    assertRefuses("manifest-invalid", () => parse(untyped, undefined));
    assertRefuses("manifest-media-type-unsupported", () => parse(untyped, "application/json"));
  });
});

describe("an index", () => {
  for (const mediaType of [OCI_INDEX, DOCKER_LIST]) {
    it(`of type ${mediaType} needs its children`, () => {
      const manifest = parse({ schemaVersion: 2, mediaType, manifests: [CHILD] });
      assert.deepEqual(digests(manifest.manifests), ["c"]);
      assert.deepEqual(manifest.blobs, []);
      assert.equal(manifest.artifactType, undefined);
    });
  }

  it("may be empty, also in the way of programs in Go", () => {
    for (const manifests of [[], null]) {
      assert.deepEqual(parse({ schemaVersion: 2, mediaType: OCI_INDEX, manifests }).manifests, []);
    }
    assert.deepEqual(digests(parse({ ...IMAGE, layers: null }).blobs), ["a"]);
  });

  it("may list what is no manifest, which it needs as a blob: BuildKit's caches do", () => {
    const config = descriptor("application/vnd.buildkit.cacheconfig.v0", "d");
    const manifests = [LAYER, CHILD, config];
    const manifest = parse({ schemaVersion: 2, mediaType: OCI_INDEX, manifests });
    assert.deepEqual(digests(manifest.manifests), ["c"]);
    assert.deepEqual(digests(manifest.blobs), ["b", "d"]);
  });
});

describe("an artifact manifest (image-spec 1.1-rc2)", () => {
  it("needs its blobs, and no schema version", () => {
    const manifest = parse({ mediaType: OCI_ARTIFACT, artifactType: "text/x", blobs: [LAYER] });
    assert.deepEqual(digests(manifest.blobs), ["b"]);
    assert.equal(manifest.artifactType, "text/x");
    assert.deepEqual(parse({ mediaType: OCI_ARTIFACT, artifactType: "text/x" }).blobs, []);
  });
});

describe("a manifest is refused", () => {
  const index = { schemaVersion: 2, mediaType: OCI_INDEX, manifests: [CHILD] };
  const cases: readonly (readonly [string, unknown])[] = [
    ["when it is an array", []],
    ["when it is null", null],
    ["when it is a number", 2],
    ["of schema version 1", { ...IMAGE, schemaVersion: 1 }],
    ["without a schema version", { ...IMAGE, schemaVersion: undefined }],
    ["with its schema version as text", { ...IMAGE, schemaVersion: "2" }],
    ["without a config", { ...IMAGE, config: undefined }],
    ["with a config that is text", { ...IMAGE, config: CONFIG.digest }],
    ["without layers", { ...IMAGE, layers: undefined }],
    ["with layers that are an object", { ...IMAGE, layers: { 0: LAYER } }],
    ["with a layer that is null", { ...IMAGE, layers: [null] }],
    ["with more than any manifest's layers", { ...IMAGE, layers: Array(10_001).fill(LAYER) }],
    ["with a digest that is none", { ...IMAGE, layers: [{ ...LAYER, digest: "sha256:b" }] }],
    ["with a digest that is a number", { ...IMAGE, layers: [{ ...LAYER, digest: 1 }] }],
    ["without a layer's size", { ...IMAGE, layers: [{ ...LAYER, size: undefined }] }],
    ["with a negative size", { ...IMAGE, layers: [{ ...LAYER, size: -1 }] }],
    ["with a broken size", { ...IMAGE, layers: [{ ...LAYER, size: 1.5 }] }],
    ["with a size beyond all numbers", { ...IMAGE, layers: [{ ...LAYER, size: 2 ** 60 }] }],
    ["without a layer's media type", { ...IMAGE, layers: [{ ...LAYER, mediaType: undefined }] }],
    ["with a media type that is a number", { ...IMAGE, mediaType: 7 }],
    ["with a subject that is text", { ...IMAGE, subject: "x" }],
    ["with annotations that are a list", { ...IMAGE, annotations: ["x"] }],
    ["with an annotation that is a number", { ...IMAGE, annotations: { x: 1 } }],
    ["with an artifact type that is an object", { ...IMAGE, artifactType: {} }],
    ["when an image lists manifests (CVE-2021-41190)", { ...IMAGE, manifests: [CHILD] }],
    ["when an index lists layers (CVE-2021-41190)", { ...index, layers: [LAYER] }],
    ["when an index has a config", { ...index, config: CONFIG }],
    ["when an index lists nothing at all", { ...index, manifests: undefined }],
    ["when an artifact lists layers", { mediaType: OCI_ARTIFACT, blobs: [], layers: [LAYER] }],
  ];
  for (const [what, document] of cases) {
    it(what, () => {
      assertRefuses("manifest-invalid", () =>
        parse(document, document instanceof Object ? undefined : OCI_MANIFEST),
      );
    });
  }

  it("when its media type is not the request's", () => {
    assertRefuses("manifest-invalid", () => parse(IMAGE, DOCKER_MANIFEST));
    assertRefuses("manifest-invalid", () => parse(index, OCI_MANIFEST));
  });

  it("of Docker's schema 1, signed or not", () => {
    for (const mediaType of [
      "application/vnd.docker.distribution.manifest.v1+json",
      "application/vnd.docker.distribution.manifest.v1+prettyjws",
    ]) {
      const v1 = { schemaVersion: 1, name: "x", fsLayers: [] };
      assertRefuses("manifest-media-type-unsupported", () => parse(v1, mediaType));
    }
  });

  it("when it is not JSON, or not in UTF-8", () => {
    for (const bytes of ["", "{", "{}x", "\ufeff\ufeff{}"]) {
      assertRefuses("manifest-invalid", () => parseManifest(Buffer.from(bytes), OCI_MANIFEST));
    }
    const broken = Buffer.from(JSON.stringify({ ...IMAGE, annotations: { a: "?" } }));
    broken[broken.indexOf("?")] = 0xff;
    assertRefuses("manifest-invalid", () => parseManifest(broken, OCI_MANIFEST));
  });

  it("when it is larger than 4 MiB, and not one byte earlier", () => {
    const bytesMax = 4 * 1024 * 1024;
    const text = JSON.stringify(IMAGE);
    const full = Buffer.from(text.padEnd(bytesMax, " "));
    assert.equal(parseManifest(full, OCI_MANIFEST).mediaType, OCI_MANIFEST);
    const more = Buffer.from(text.padEnd(bytesMax + 1, " "));
    assertRefuses("manifest-too-large", () => parseManifest(more, OCI_MANIFEST));
  });
});
