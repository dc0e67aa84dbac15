import assert from "node:assert/strict";
import { nextLink, parsePageQuery } from "../../../../provider/server/src/http/wire/page-query.ts";
import { assertRefuses } from "../../../support/refusal.ts";

function parse(query: string) {
  return parsePageQuery(new URLSearchParams(query));
}

describe("a page's query (distribution-spec 1.1, Listing Tags)", () => {
  it("has 100 entries unless it says otherwise, and 1000 at most", () => {
    assert.deepEqual(parse(""), { after: undefined, limit: 100 });
    assert.deepEqual(parse("n=3&last=b"), { after: "b", limit: 3 });
    assert.deepEqual(parse("n=0"), { after: undefined, limit: 0 });
    assert.deepEqual(parse("n=1000"), { after: undefined, limit: 1000 });
    assert.deepEqual(parse("n=999999999"), { after: undefined, limit: 1000 });
    assert.deepEqual(parse("last="), { after: "", limit: 100 });
  });

  for (const n of ["", "-1", "1.5", "a", "1e3", "0x10", " 1", "9".repeat(16), "%00"]) {
    it(`never has ${JSON.stringify(n)} entries`, () => {
      assertRefuses("page-invalid", () => parse(`n=${n}`));
    });
  }
});

describe("the Link to the next page (RFC 8288)", () => {
  it("repeats the length and names the last entry, encoded", () => {
    assert.equal(
      nextLink("/v2/shop/app/tags/list", 2, "b"),
      '</v2/shop/app/tags/list?n=2&last=b>; rel="next"',
    );
    assert.equal(
      nextLink("/v2/_catalog", 1, "shop/a b&c>", ["artifactType", "text/x+y"]),
      '</v2/_catalog?n=1&last=shop%2Fa+b%26c%3E&artifactType=text%2Fx%2By>; rel="next"',
    );
  });
});
