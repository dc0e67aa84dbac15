import assert from "node:assert/strict";
import fc from "fast-check";
import { parseAuthorization } from "../../../../provider/server/src/http/wire/authorization.ts";
import {
  parseContentRange,
  parseRange,
} from "../../../../provider/server/src/http/wire/byte-range.ts";
import { parseDistributionPath } from "../../../../provider/server/src/http/wire/distribution-path.ts";
import { nextLink, parsePageQuery } from "../../../../provider/server/src/http/wire/page-query.ts";
import { parseHost, targetOf } from "../../../../provider/server/src/http/wire/registry-address.ts";
import { refusalOf } from "../../../support/refusal.ts";

/** What may stand in a header, with a liking for the characters that mean something. */
const HEADER = fc.oneof(
  fc.string({ unit: "binary" }),
  fc.string({ unit: fc.constantFrom(..."bytes=-0123456789,/* ") }),
  fc
    .tuple(fc.constantFrom("bytes=", "bytes ", "Basic ", "Bearer ", ""), fc.string())
    .map(([prefix, rest]) => prefix + rest),
);
const PATH = fc
  .array(
    fc.oneof(
      fc.constantFrom("", "blobs", "uploads", "manifests", "tags", "list", "_catalog", "referrers"),
      fc.constantFrom("%", "%2f", "%00", "%ff", "..", "a", "sha256:0"),
      fc.string(),
    ),
  )
  .map((segments) => segments.join("/"));

describe("what comes over the wire, whatever it is", () => {
  it("is refused in no other way than as a RegistryError", () => {
    fc.assert(
      fc.property(HEADER, PATH, fc.nat(), (header, path, size) => {
        refusalOf(() => parseRange(header, size));
        refusalOf(() => parseContentRange(header));
        refusalOf(() => parseDistributionPath(path));
        refusalOf(() => parsePageQuery(new URLSearchParams(header)));
        parseAuthorization(header);
        targetOf(parseHost(header, "localhost"), path);
      }),
      { numRuns: 1000 },
    );
  });

  it("names a range within the content, and never an empty one", () => {
    fc.assert(
      fc.property(HEADER, fc.nat(2000), (header, size) => {
        let range: ReturnType<typeof parseRange>;
        const reason = refusalOf(() => {
          range = parseRange(header, size);
        });
        if (reason === undefined && range !== undefined) {
          assert.ok(range.start >= 0 && range.start < range.end && range.end <= size);
        }
      }),
      { numRuns: 1000 },
    );
  });
});

describe("what this API writes, it reads back", () => {
  it("as ranges", () => {
    fc.assert(
      fc.property(fc.nat(), fc.nat(), (start, length) => {
        const end = start + length + 1;
        assert.deepEqual(parseRange(`bytes=${start}-${end - 1}`, end), { start, end });
        assert.deepEqual(parseContentRange(`${start}-${end - 1}`), { start, end });
      }),
    );
  });

  it("as credentials", () => {
    const text = fc.string({ unit: "grapheme" });
    fc.assert(
      fc.property(text, text, (name, password) => {
        fc.pre(!name.includes(":"));
        const header = `Basic ${Buffer.from(`${name}:${password}`).toString("base64")}`;
        assert.deepEqual(parseAuthorization(header), {
          kind: "basic",
          username: name,
          password,
        });
      }),
    );
  });

  it("as the link to the next page", () => {
    fc.assert(
      fc.property(fc.string(), fc.integer({ min: 1, max: 1000 }), (last, limit) => {
        const query = /\?([^>]*)>/.exec(nextLink("/v2/x/tags/list", limit, last))?.[1] ?? "";
        assert.deepEqual(parsePageQuery(new URLSearchParams(query)), { after: last, limit });
      }),
    );
  });

  it("as paths, each segment encoded or not", () => {
    const segment = fc.stringMatching(/^[a-z0-9._:-]{1,12}$/);
    const name = fc.array(segment, { minLength: 1 });
    fc.assert(
      fc.property(name, segment, (segments, reference) => {
        const kinds = { manifests: "manifest", referrers: "referrers" } as const;
        for (const [word, kind] of Object.entries(kinds)) {
          const plain = [...segments, word, reference];
          const expected = { kind, name: segments.join("/"), reference };
          assert.deepEqual(parseDistributionPath(plain.join("/")), expected);
          const encoded = plain.map(encodeURIComponent).join("/");
          assert.deepEqual(parseDistributionPath(encoded), expected);
        }
      }),
    );
  });
});
