import assert from "node:assert/strict";
import fc from "fast-check";
import {
  configOfImage,
  platformOfConfig,
  platformsOfIndex,
  readJson,
} from "../../../provider/server/src/domain/platform.ts";

const digest = `sha256:${"a".repeat(64)}`;

describe("the platforms of an image", () => {
  it("are what an index says of its manifests, each once, attestations left out", () => {
    const platforms = [
      { os: "linux", architecture: "amd64" },
      { os: "linux", architecture: "arm", variant: "v7" },
      { os: "linux", architecture: "amd64" },
      { os: "unknown", architecture: "unknown" },
      { os: "linux" },
      undefined,
    ];
    const manifests = platforms.map((platform) => ({ platform }));
    assert.deepEqual(platformsOfIndex({ manifests }), ["linux/amd64", "linux/arm/v7"]);
  });

  it("are that of its config, where it is an image", () => {
    for (const mediaType of [
      "application/vnd.oci.image.config.v1+json",
      "application/vnd.docker.container.image.v1+json",
    ]) {
      assert.equal(configOfImage({ config: { mediaType, digest } }), digest);
      assert.equal(configOfImage({ config: { mediaType, digest: "sha256:x" } }), undefined);
    }
    const mediaType = "application/vnd.cncf.helm.config.v1+json";
    assert.equal(configOfImage({ config: { mediaType, digest } }), undefined);
    assert.deepEqual(platformOfConfig({ os: "windows", architecture: "amd64" }), ["windows/amd64"]);
  });

  it("are nothing that only looks like one", () => {
    for (const os of ["", "a b", "<b>", "../..", "a".repeat(65), 1, ["linux"], { os: "linux" }]) {
      assert.deepEqual(platformOfConfig({ os, architecture: "amd64" }), [], String(os));
    }
  });

  it("are read from any document without failing", () => {
    fc.assert(
      fc.property(fc.oneof(fc.json(), fc.string()), (text) => {
        const document = readJson(Buffer.from(text));
        assert.ok(platformsOfIndex(document).length === 0);
        platformOfConfig(document);
        configOfImage(document);
      }),
    );
  });
});
