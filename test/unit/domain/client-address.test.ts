import assert from "node:assert/strict";
import { clientOf } from "../../../provider/server/src/domain/client-address.ts";

describe("what a client is counted under", () => {
  it("is its IPv4 address, however that is written", () => {
    assert.equal(clientOf("192.0.2.7"), "192.0.2.7");
    assert.equal(clientOf("::ffff:192.0.2.7"), "192.0.2.7");
    assert.equal(clientOf("::FFFF:192.0.2.7"), "192.0.2.7");
  });

  it("is the network of its IPv6 address, however that is written", () => {
    for (const address of [
      "2001:db8:1:2:3:4:5:6",
      "2001:db8:1:2::",
      "2001:0DB8:0001:0002::ffff",
      "2001:db8:1:2:a::1%eth0",
    ]) {
      assert.equal(clientOf(address), "2001:db8:1:2::/64", address);
    }
    assert.equal(clientOf("2001:db8::1"), "2001:db8:0:0::/64");
    assert.equal(clientOf("::1"), "0:0:0:0::/64");
    assert.notEqual(clientOf("2001:db8:1:3::1"), clientOf("2001:db8:1:2::1"));
  });
});
