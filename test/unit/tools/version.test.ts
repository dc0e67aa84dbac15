import assert from "node:assert/strict";
import { findVersion, isAtLeast } from "../../../tools/obtain/version.ts";

describe("a tool's version", () => {
  it("is the first number of three parts in what the tool prints", () => {
    assert.equal(findVersion("v3.255.0\n"), "3.255.0");
    assert.equal(findVersion("tool version 1.2.3-rc.1 (go1.26.8)"), "1.2.3");
    assert.equal(findVersion("(devel)"), undefined);
  });

  it("is compared part by part, as numbers", () => {
    assert.ok(isAtLeast("3.200.0", "3.200.0"));
    assert.ok(isAtLeast("3.1000.0", "3.200.0"));
    assert.ok(isAtLeast("4.0.0", "3.200.0"));
    assert.ok(!isAtLeast("3.99.9", "3.200.0"));
    assert.ok(!isAtLeast("2.300.0", "3.200.0"));
  });
});
