import assert from "node:assert/strict";
import { decode, encode, UNKNOWN } from "../../../provider/pulumi/src/plugin/codec.ts";
import { output, secret, signed, wire } from "../../support/plugin-client.ts";

const ASSET = "c44067f5952c0a294b673a41bacd8c17";
const ARCHIVE = "0def7320c3a5731c473e5ecbe6d01bc7";
const RESOURCE = "5cf8f73096256a8f31e491e813e4eb8e";

describe("values between engine and plugin", () => {
  it("pass as they are where they are plain", () => {
    const values = { text: "a", number: 1.5, yes: true, list: [1, "b", null], object: { a: [] } };
    const read = decode(wire(values));
    assert.deepEqual(read.values, values);
    assert.deepEqual([read.secret.size, read.unknown.size], [0, 0]);
    assert.deepEqual(decode(encode(values)).values, values);
  });

  it("make a property secret wherever in it the secret is", () => {
    const { values, secret: keys } = decode(
      wire({
        password: secret("p"),
        scopes: [{ name: secret("team/*") }],
        wrapped: output({ value: "o", secret: true }),
        open: output({ value: "o" }),
      }),
    );
    assert.deepEqual(values, {
      password: "p",
      scopes: [{ name: "team/*" }],
      wrapped: "o",
      open: "o",
    });
    assert.deepEqual([...keys].sort(), ["password", "scopes", "wrapped"]);
  });

  it("are written as secrets, and read as such again", () => {
    const written = encode({ password: "p", name: "n" }, new Set(["password"]));
    assert.deepEqual(written.toJavaScript(), { password: secret("p"), name: "n" });
    assert.deepEqual([...decode(written).secret], ["password"]);
  });

  it("make a property unknown wherever in it something is", () => {
    const { values, unknown } = decode(
      wire({
        id: UNKNOWN,
        scopes: [{ name: UNKNOWN }],
        later: output({}),
        hidden: secret(UNKNOWN),
      }),
    );
    assert.deepEqual([...unknown].sort(), ["hidden", "id", "later", "scopes"]);
    assert.equal(values["later"], UNKNOWN);
  });

  it("stand for a resource's id where a whole resource is given", () => {
    const fields = { urn: "urn:pulumi:s::p::t::n", packageVersion: "0.1.0" };
    const read = decode(
      wire({
        known: signed(RESOURCE, { ...fields, id: "the-id" }),
        later: signed(RESOURCE, { ...fields, id: "" }),
      }),
    );
    assert.deepEqual(read.values, { known: "the-id", later: UNKNOWN });
    assert.deepEqual([...read.unknown], ["later"]);
  });

  it("are absent where they are null", () => {
    assert.deepEqual(decode(wire({ name: null })).values, {});
  });

  it("are refused by name where no property of ours can have them", () => {
    for (const [signature, what] of [
      [ASSET, "an asset"],
      [ARCHIVE, "an archive"],
      ["00000000000000000000000000000000", "a value of a kind that this version does not know"],
    ] as const) {
      assert.throws(() => decode(wire({ triggers: [signed(signature, { text: "a" })] })), {
        message: `triggers must be plain values, and has ${what} in it`,
      });
    }
  });
});
