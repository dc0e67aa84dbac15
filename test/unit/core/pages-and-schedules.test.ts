import assert from "node:assert/strict";
import { offsetQuery, registriesQuery } from "@moorage/core/contract/pages";
import { weeklyStarts } from "@moorage/core/contract/schedule";

describe("the contract of page parameters", () => {
  it("ignores what it does not know, as the SDKs add parameters to any request", () => {
    assert.deepEqual(registriesQuery.parse({ depth: "1", pretty: "true" }), {
      nameFilter: "",
      limit: 100,
      pageToken: "",
    });
  });

  it("reads numbers within their limits and nothing else", () => {
    assert.deepEqual(offsetQuery.parse({ offset: "7", limit: "1000" }), { offset: 7, limit: 1000 });
    for (const limit of ["0", "1001", "-1", "1e2", "", "x", ["1", "2"], "9".repeat(99)]) {
      assert.equal(offsetQuery.safeParse({ limit }).success, false, String(limit));
    }
    assert.equal(offsetQuery.safeParse({ offset: "9999999999" }).success, false);
  });
});

describe("schedules", () => {
  it("are the same for all spellings of a time", () => {
    for (const time of ["19:30", "19:30:00", "19:30:00Z", "19:30:00+00:00", "19:30Z"]) {
      assert.deepEqual(weeklyStarts({ days: ["Tuesday"], time }), [86_400 + 19.5 * 3600]);
    }
  });

  it("move days whose offset crosses midnight UTC", () => {
    assert.deepEqual(weeklyStarts({ days: ["Monday"], time: "01:00:00+02:00" }), [
      6 * 86_400 + 23 * 3600,
    ]);
    assert.deepEqual(weeklyStarts({ days: ["Sunday"], time: "23:00:00-02:00" }), [3600]);
  });

  it("are ascending, and empty without days", () => {
    assert.deepEqual(weeklyStarts({ days: ["Sunday", "Monday"], time: "00:00" }), [0, 6 * 86_400]);
    assert.deepEqual(weeklyStarts({ days: null, time: "00:00" }), []);
  });
});
