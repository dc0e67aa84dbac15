import assert from "node:assert/strict";
import { isExpired, isUsable } from "../../../provider/server/src/domain/token.ts";
import { isTokenSecret } from "../../../provider/server/src/domain/token-secret.ts";

const NOW = 1_800_000_000_000;

describe("a token", () => {
  it("works while it is enabled and not expired", () => {
    assert.equal(isUsable({ status: "enabled", expiresAt: undefined }, NOW), true);
    assert.equal(isUsable({ status: "enabled", expiresAt: NOW + 1 }, NOW), true);
  });

  it("stops working in the very millisecond of its expiry", () => {
    assert.equal(isUsable({ status: "enabled", expiresAt: NOW }, NOW), false);
    assert.equal(isExpired({ expiresAt: NOW }, NOW), true);
    assert.equal(isExpired({ expiresAt: NOW + 1 }, NOW), false);
  });

  it("does not work while it is disabled", () => {
    assert.equal(isUsable({ status: "disabled", expiresAt: undefined }, NOW), false);
    assert.equal(isUsable({ status: "disabled", expiresAt: NOW + 1 }, NOW), false);
  });

  it("has a secret of one form, so that no password is ever taken for one", () => {
    const secret = `mrg_${"aZ09_-".repeat(7)}x`;
    assert.equal(isTokenSecret(secret), true);
    for (const text of ["", secret.slice(4), `${secret}x`, secret.slice(0, -1), `${secret}\n`]) {
      assert.equal(isTokenSecret(text), false, JSON.stringify(text));
    }
  });
});
