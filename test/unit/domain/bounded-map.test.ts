import assert from "node:assert/strict";
import { BoundedMap } from "../../../provider/server/src/domain/bounded-map.ts";

describe("BoundedMap", () => {
  it("drops the entry that was used longest ago", () => {
    const map = new BoundedMap<string, number>(2);
    map.set("a", 1);
    map.set("b", 2);
    assert.equal(map.get("a"), 1);
    map.set("c", 3);
    assert.equal(map.get("b"), undefined);
    assert.equal(map.get("a"), 1);
    assert.equal(map.get("c"), 3);
    assert.equal(map.size, 2);
  });

  it("replaces and deletes entries without dropping others", () => {
    const map = new BoundedMap<string, number>(2);
    map.set("a", 1);
    map.set("b", 2);
    map.set("b", 3);
    assert.equal(map.get("a"), 1);
    assert.equal(map.get("b"), 3);
    map.delete("b");
    assert.equal(map.get("b"), undefined);
    assert.equal(map.size, 1);
  });
});
