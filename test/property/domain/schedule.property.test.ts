import assert from "node:assert/strict";
import { WEEKDAYS as CONTRACT_WEEKDAYS, weeklyStarts } from "@moorage/core/contract/schedule";
import fc from "fast-check";
import { lastSlot, nextSlot, WEEKDAYS } from "../../../provider/server/src/domain/schedule.ts";

const WEEK = 7 * 24 * 60 * 60 * 1000;
const MONDAY = Date.UTC(2026, 0, 5);

const two = (max: number) => fc.nat({ max }).map((value) => String(value).padStart(2, "0"));
const offset = fc
  .tuple(fc.constantFrom("+", "-"), two(23), two(59))
  .map(([sign, hours, minutes]) => `${sign}${hours}:${minutes}`);
const time = fc
  .tuple(
    two(23),
    two(59),
    fc.option(two(59), { nil: undefined }),
    fc.oneof(fc.constant(""), fc.constant("Z"), offset),
  )
  .map(
    ([hour, minute, second, zone]) =>
      `${hour}:${minute}${second === undefined ? "" : `:${second}`}${zone}`,
  );
const schedule = fc.record({
  days: fc.uniqueArray(fc.constantFrom(...WEEKDAYS), { minLength: 1 }),
  time,
});
const instant = fc.integer({ min: 0, max: Date.UTC(2100, 0, 1) });

describe("a schedule's slots", () => {
  it("are on the days that the contract names", () => {
    assert.deepEqual(WEEKDAYS, CONTRACT_WEEKDAYS);
  });

  it("are where the contract's weekly starts are", () => {
    fc.assert(
      fc.property(schedule, instant, (given, at) => {
        const starts = weeklyStarts(given).map((seconds) => seconds * 1000);
        const withinWeek = (slot: number) => (((slot - MONDAY) % WEEK) + WEEK) % WEEK;
        assert.ok(starts.includes(withinWeek(nextSlot(given, at))));
        assert.ok(starts.includes(withinWeek(lastSlot(given, at))));
      }),
    );
  });

  it("lie around every moment, with none between", () => {
    fc.assert(
      fc.property(schedule, instant, (given, at) => {
        const [last, next] = [lastSlot(given, at), nextSlot(given, at)];
        assert.ok(last <= at && at < next);
        assert.equal(nextSlot(given, last), next);
        assert.equal(lastSlot(given, next - 1), last);
        assert.equal(lastSlot(given, next), next);
      }),
    );
  });

  it("are as many in a week as there are days", () => {
    fc.assert(
      fc.property(schedule, instant, (given, at) => {
        let slots = 0;
        for (let slot = nextSlot(given, at); slot <= at + WEEK; slot = nextSlot(given, slot)) {
          slots++;
        }
        assert.equal(slots, given.days.length);
      }),
    );
  });

  it("are these, for example", () => {
    const at = Date.UTC(2026, 10, 21, 4); // A Saturday.
    const next = (days: readonly (typeof WEEKDAYS)[number][], text: string) =>
      new Date(nextSlot({ days, time: text }, at)).toISOString();
    assert.equal(next(["Saturday"], "05:19:00+00:00"), "2026-11-21T05:19:00.000Z");
    assert.equal(next(["Saturday"], "03:59"), "2026-11-28T03:59:00.000Z");
    assert.equal(next(["Saturday"], "04:00:00Z"), "2026-11-28T04:00:00.000Z");
    // Monday at 01:00, two hours ahead of UTC, is Sunday in UTC.
    assert.equal(next(["Monday"], "01:00:00+02:00"), "2026-11-22T23:00:00.000Z");
  });
});
