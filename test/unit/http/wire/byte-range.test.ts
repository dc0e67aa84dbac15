import assert from "node:assert/strict";
import {
  parseContentRange,
  parseRange,
} from "../../../../provider/server/src/http/wire/byte-range.ts";
import { assertRefuses } from "../../../support/refusal.ts";

const WHOLE = undefined;

describe("a Range header (RFC 9110, section 14.2)", () => {
  for (const [header, size, expected] of [
    [undefined, 10, WHOLE],
    ["bytes=0-0", 10, { start: 0, end: 1 }],
    ["bytes=0-9", 10, { start: 0, end: 10 }],
    ["bytes=3-", 10, { start: 3, end: 10 }],
    ["bytes=9-", 10, { start: 9, end: 10 }],
    ["bytes=2-4", 10, { start: 2, end: 5 }],
    ["bytes=5-999", 10, { start: 5, end: 10 }],
    ["bytes=5-99999999999999999999999", 10, { start: 5, end: 10 }],
    ["bytes=-1", 10, { start: 9, end: 10 }],
    ["bytes=-10", 10, { start: 0, end: 10 }],
    ["bytes=-999", 10, { start: 0, end: 10 }],
    ["  bytes=1-2 ", 10, { start: 1, end: 3 }],
    ["Bytes=1-2", 10, { start: 1, end: 3 }],
    ["bytes=0-", 0, WHOLE],
    ["bytes=0-0", 0, WHOLE],
    ["bytes=-1", 0, WHOLE],
  ] as const) {
    it(`${header} of ${size} bytes is ${JSON.stringify(expected) ?? "everything"}`, () => {
      assert.deepEqual(parseRange(header, size), expected);
    });
  }

  for (const header of ["", "bytes", "bytes=", "bytes=-", "lines=0-1", "bytes=4-2", "bytes=a-b"]) {
    it(`${JSON.stringify(header)} is none, so that the answer is everything`, () => {
      assert.equal(parseRange(header, 10), WHOLE);
    });
  }

  it("that names several ranges is answered with everything, as the RFC allows", () => {
    assert.equal(parseRange("bytes=0-1,3-4", 10), WHOLE);
    assert.equal(parseRange("bytes=0-1, -1", 10), WHOLE);
  });

  for (const [header, size] of [
    ["bytes=10-", 10],
    ["bytes=10-20", 10],
    ["bytes=99999999999999999999999-", 10],
    ["bytes=-0", 10],
  ] as const) {
    it(`${header} of ${size} bytes cannot be satisfied`, () => {
      assertRefuses("range-not-satisfiable", () => parseRange(header, size));
    });
  }
});

describe("a chunk's Content-Range (distribution-spec 1.1, Pushing a blob in chunks)", () => {
  it("is <first>-<last>, both included", () => {
    assert.deepEqual(parseContentRange("0-0"), { start: 0, end: 1 });
    assert.deepEqual(parseContentRange("10-29"), { start: 10, end: 30 });
    assert.equal(parseContentRange(undefined), undefined);
  });

  it("may be spelled as RFC 9110 has it, since some clients do", () => {
    for (const header of ["bytes 10-29/100", "bytes 10-29/*", "bytes=10-29", " 10-29 "]) {
      assert.deepEqual(parseContentRange(header), { start: 10, end: 30 }, header);
    }
  });

  for (const header of ["", "-", "5", "5-", "-5", "5-4", "a-b", "0-1,2-3", "0--1", "1e3-2e3"]) {
    it(`is never ${JSON.stringify(header)}`, () => {
      assertRefuses("range-invalid", () => parseContentRange(header));
    });
  }

  it("is never beyond what a number can hold exactly", () => {
    assertRefuses("range-invalid", () => parseContentRange("0-99999999999999999999"));
  });
});
