import assert from "node:assert/strict";
import { parseDistributionPath } from "../../../../provider/server/src/http/wire/distribution-path.ts";
import { assertRefuses } from "../../../support/refusal.ts";

describe("a path below /v2 (distribution-spec 1.1, Endpoints)", () => {
  for (const [path, expected] of [
    ["", { kind: "version" }],
    ["_catalog", { kind: "catalog", name: "" }],
    ["shop/_catalog", { kind: "catalog", name: "shop" }],
    ["app/tags/list", { kind: "tags", name: "app" }],
    ["a/b/c/tags/list", { kind: "tags", name: "a/b/c" }],
    ["app/manifests/latest", { kind: "manifest", name: "app", reference: "latest" }],
    ["a/b/manifests/sha256:00", { kind: "manifest", name: "a/b", reference: "sha256:00" }],
    ["a/b/manifests/sha256%3A00", { kind: "manifest", name: "a/b", reference: "sha256:00" }],
    ["app/blobs/sha256:00", { kind: "blob", name: "app", reference: "sha256:00" }],
    ["app/blobs/uploads", { kind: "uploads", name: "app" }],
    ["app/blobs/uploads/", { kind: "uploads", name: "app" }],
    ["app/blobs/uploads/id-1", { kind: "upload", name: "app", uploadId: "id-1" }],
    ["app/referrers/sha256:00", { kind: "referrers", name: "app", reference: "sha256:00" }],
    ["%61pp/manifests/1", { kind: "manifest", name: "app", reference: "1" }],
  ] as const) {
    it(`${JSON.stringify(path)} is of kind ${expected.kind}`, () => {
      assert.deepEqual(parseDistributionPath(path), expected);
    });
  }

  it("is read from its end, since a repository may be named like an endpoint", () => {
    for (const name of ["blobs/uploads", "manifests/x", "tags/list", "a/blobs/uploads/b"]) {
      assert.deepEqual(parseDistributionPath(`${name}/manifests/1`), {
        kind: "manifest",
        name,
        reference: "1",
      });
      assert.deepEqual(parseDistributionPath(`${name}/tags/list`), { kind: "tags", name });
      assert.deepEqual(parseDistributionPath(`${name}/blobs/uploads/`), { kind: "uploads", name });
    }
  });

  for (const path of [
    "/",
    "app",
    "app/",
    "app/tags",
    "app/tags/",
    "app/tags/list/",
    "app/tags/1",
    "app/blobs",
    "manifests/1",
    "blobs/uploads",
    "app/x/y",
    "app/manifests/1/",
  ]) {
    it(`${JSON.stringify(path)} is nothing`, () => {
      assert.equal(parseDistributionPath(path), undefined);
    });
  }

  for (const path of [
    "app/manifests/%",
    "app/manifests/%zz",
    "%ff/manifests/1",
    "a%2fb/manifests/1",
    "a%2Fb/tags/list",
    "app/manifests/..%2f..%2fsecret",
  ]) {
    it(`${JSON.stringify(path)} is refused: malformed, or a hidden slash`, () => {
      assertRefuses("repository-name-invalid", () => parseDistributionPath(path));
    });
  }
});
