import assert from "node:assert/strict";
import { RandomIdSource } from "../../../provider/server/src/adapters/id-source/random-id-source.ts";
import {
  parseStorageKey,
  parseUploadId,
  parseUuid,
  type RegistryId,
} from "../../../provider/server/src/domain/ids.ts";
import { isTokenSecret } from "../../../provider/server/src/domain/token-secret.ts";

describe("RandomIdSource", () => {
  const ids = new RandomIdSource();

  it("makes identifiers that their parsers take", () => {
    const uuid = ids.uuid<RegistryId>();
    assert.equal(parseUuid(uuid), uuid);
    const uploadId = ids.uploadId();
    assert.equal(parseUploadId(uploadId), uploadId);
    const key = ids.storageKey();
    assert.equal(parseStorageKey(key), key);
    assert(isTokenSecret(ids.tokenSecret()));
  });

  it("makes passwords that nobody takes for a token's secret", () => {
    assert.match(ids.password(), /^[A-Za-z0-9_-]{32}$/);
    assert.equal(isTokenSecret(ids.password()), false);
  });

  it("makes no two alike", () => {
    const makers = [
      () => ids.uuid(),
      () => ids.uploadId(),
      () => ids.storageKey(),
      () => ids.tokenSecret(),
      () => ids.password(),
    ];
    for (const make of makers) {
      assert.equal(new Set(Array.from({ length: 1000 }, make)).size, 1000);
    }
  });
});
