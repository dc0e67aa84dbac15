import assert from "node:assert/strict";
import { giveBack } from "../../../provider/server/src/domain/give-back.ts";

describe("giveBack", () => {
  it("frees bytes that own their memory", () => {
    const bytes = new Uint8Array(1000);
    giveBack(bytes);
    assert.equal(bytes.byteLength, 0);
    giveBack(bytes);
  });

  it("leaves bytes alone that share their memory", () => {
    const pooled = Buffer.from("short");
    giveBack(pooled);
    assert.equal(pooled.toString(), "short");
    const part = new Uint8Array(10).subarray(1);
    giveBack(part);
    assert.equal(part.byteLength, 9);
    const betweenThreads = new Uint8Array(new SharedArrayBuffer(10));
    giveBack(betweenThreads);
    assert.equal(betweenThreads.byteLength, 10);
  });
});
