import assert from "node:assert/strict";
import fc from "fast-check";
import {
  MANIFEST_MEDIA_TYPES,
  OCI_MANIFEST,
  parseManifest,
} from "../../../provider/server/src/domain/manifest.ts";
import { refusalOf } from "../../support/refusal.ts";

const HEX = fc.constantFrom(..."0123456789abcdef");
const DESCRIPTOR = fc.record({
  mediaType: fc.string({ minLength: 1 }),
  digest: fc.string({ unit: HEX, minLength: 64, maxLength: 64 }).map((hex) => `sha256:${hex}`),
  size: fc.nat(),
});
const IMAGE = fc.record(
  {
    schemaVersion: fc.constant(2),
    mediaType: fc.constant(OCI_MANIFEST),
    config: DESCRIPTOR,
    layers: fc.array(DESCRIPTOR),
    subject: DESCRIPTOR,
    annotations: fc.dictionary(fc.string(), fc.string()),
  },
  { requiredKeys: ["schemaVersion", "mediaType", "config", "layers"] },
);
const FIELDS = [
  "schemaVersion",
  "mediaType",
  "artifactType",
  "config",
  "layers",
  "blobs",
  "manifests",
  "subject",
  "annotations",
] as const;
/** A document with a manifest's fields, each right or of any other type. */
const NEARLY = fc.dictionary(
  fc.constantFrom(...FIELDS),
  fc.oneof(
    fc.jsonValue(),
    fc.constant(2),
    DESCRIPTOR,
    fc.array(fc.oneof(DESCRIPTOR, fc.jsonValue())),
    fc.constantFrom(...MANIFEST_MEDIA_TYPES),
  ),
);
const CONTENT_TYPE = fc.option(fc.oneof(fc.constantFrom(...MANIFEST_MEDIA_TYPES), fc.string()), {
  nil: undefined,
});

function bytesOf(document: unknown): Uint8Array {
  return Buffer.from(JSON.stringify(document));
}

describe("a manifest, whatever the bytes", () => {
  it("is refused in no other way than as a RegistryError", () => {
    const bytes = fc.oneof(
      fc.uint8Array({ maxLength: 200 }),
      fc.jsonValue().map(bytesOf),
      NEARLY.map(bytesOf),
    );
    fc.assert(
      fc.property(bytes, CONTENT_TYPE, (content, contentType) => {
        refusalOf(() => parseManifest(content, contentType));
      }),
      { numRuns: 500 },
    );
  });

  it("is read when it is right: all blobs, in their order, and what it says of itself", () => {
    fc.assert(
      fc.property(IMAGE, (image) => {
        const manifest = parseManifest(bytesOf(image), OCI_MANIFEST);
        assert.deepEqual(
          manifest.blobs.map(({ digest, size }) => ({ digest, size })),
          [image.config, ...image.layers].map(({ digest, size }) => ({ digest, size })),
        );
        assert.equal(manifest.subject?.digest, image.subject?.digest);
        const plain = JSON.stringify(image.annotations);
        assert.equal(JSON.stringify(manifest.annotations), plain);
      }),
    );
  });

  it("with any one byte gone is refused as a manifest, or is another one", () => {
    fc.assert(
      fc.property(IMAGE, fc.nat(), (image, at) => {
        const bytes = Buffer.from(bytesOf(image));
        const index = at % bytes.length;
        const shorter = Buffer.concat([bytes.subarray(0, index), bytes.subarray(index + 1)]);
        const reason = refusalOf(() => parseManifest(shorter, OCI_MANIFEST));
        assert.ok(reason === undefined || reason.startsWith("manifest-"), String(reason));
      }),
    );
  });
});
