import assert from "node:assert/strict";
import { parseAuthorization } from "../../../../provider/server/src/http/wire/authorization.ts";

const WRONG = { kind: "bearer", bearer: "" };

function encoded(text: string): string {
  return Buffer.from(text).toString("base64");
}

describe("an Authorization header", () => {
  it("that is absent or empty presents nothing", () => {
    assert.deepEqual(parseAuthorization(undefined), { kind: "none" });
    assert.deepEqual(parseAuthorization(""), { kind: "none" });
  });

  for (const [text, username, password] of [
    ["ci:secret", "ci", "secret"],
    ["ci:", "ci", ""],
    [":secret", "", "secret"],
    ["ci:with:colons:", "ci", "with:colons:"],
    ["jörg@example.org:pässwörd", "jörg@example.org", "pässwörd"],
  ] as const) {
    it(`Basic of ${JSON.stringify(text)} is a user name and a password (RFC 7617)`, () => {
      const expected = { kind: "basic", username, password };
      assert.deepEqual(parseAuthorization(`Basic ${encoded(text)}`), expected);
      assert.deepEqual(parseAuthorization(`basic   ${encoded(text)}`), expected);
    });
  }

  it("Bearer carries its token as it is (RFC 6750)", () => {
    assert.deepEqual(parseAuthorization("Bearer a.b.c"), { kind: "bearer", bearer: "a.b.c" });
    assert.deepEqual(parseAuthorization("BEARER a.b.c "), { kind: "bearer", bearer: "a.b.c" });
  });

  it("that is garbled counts as wrong credentials, never as none", () => {
    for (const header of ["Digest x", "Bearer", "nonsense", " ", "\t"]) {
      assert.deepEqual(parseAuthorization(header), WRONG, JSON.stringify(header));
    }
    for (const header of ["Basic", "Basic ", "Basic !!!", `Basic ${encoded("no colon")}`]) {
      assert.deepEqual(
        parseAuthorization(header),
        { kind: "basic", username: "", password: "" },
        JSON.stringify(header),
      );
    }
  });
});
