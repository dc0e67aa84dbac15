import assert from "node:assert/strict";
import { admitsAddress } from "../../../provider/server/src/app/allow-list.ts";

describe("an allow-list", () => {
  it("of nobody admits everybody, from nowhere too", () => {
    for (const address of ["192.0.2.1", "2001:db8::1", undefined]) {
      assert.equal(admitsAddress({ allowList: [] }, address), true);
    }
  });

  it("admits the addresses that it names, and nobody who comes from nowhere", () => {
    const allowList = ["192.0.2.0/24", "2001:db8::1"];
    for (const address of ["192.0.2.1", "192.0.2.255", "2001:db8::1"]) {
      assert.equal(admitsAddress({ allowList }, address), true, address);
    }
    for (const address of ["192.0.3.1", "2001:db8::2", undefined]) {
      assert.equal(admitsAddress({ allowList }, address), false, `${address}`);
    }
  });
});
