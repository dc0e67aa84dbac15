import assert from "node:assert/strict";
import { join } from "node:path";
import fc from "fast-check";
import {
  SharedTally,
  type TallyOptions,
} from "../../../provider/server/src/adapters/tally/shared-tally.ts";
import {
  TALLY_MEMORY_BYTES,
  TALLY_UNSHARED_PART_MAX,
} from "../../../provider/server/src/domain/limits.ts";
import { FixedClock } from "../../support/fixed-clock.ts";
import { RecordedEvents } from "../../support/recorded-events.ts";
import { temporaryDirectory } from "../../support/temporary-directory.ts";

const MINUTE = 60_000;
const RATE = { name: "address", countMax: 100, windowMilliseconds: 10 * MINUTE };
const SECRET = new Uint8Array(32);

describe("counts that workers and processes share", () => {
  let clock: FixedClock;
  let events: RecordedEvents;
  let directory: { path: string; remove: () => Promise<void> };
  let open: SharedTally[];

  beforeEach(async () => {
    clock = new FixedClock();
    events = new RecordedEvents();
    open = [];
    directory = await temporaryDirectory();
  });
  afterEach(async () => {
    for (const tally of open) {
      tally.close();
    }
    await directory.remove();
  });

  function tally(more: Partial<TallyOptions> = {}): SharedTally {
    const made = new SharedTally({ secret: SECRET, events, now: () => clock.now(), ...more });
    open.push(made);
    return made;
  }

  const inFile = () => ({ path: join(directory.path, "counts.sqlite") });

  function takeUntilRefused(from: SharedTally, key = "a"): number {
    for (let count = 0; ; count++) {
      if (!from.take(RATE, key, clock.now()).isWithin) {
        return count;
      }
    }
  }

  it("let exactly as many through as the rate says, and say how many are left and how long to wait", () => {
    const alone = tally();
    assert.deepEqual(alone.look(RATE, "a", clock.now()).left, 100);
    assert.deepEqual(alone.take(RATE, "a", clock.now()).left, 99);
    assert.equal(takeUntilRefused(alone), 99);
    const { isWithin, left, waitMilliseconds } = alone.look(RATE, "a", clock.now());
    assert.deepEqual({ isWithin, left }, { isWithin: false, left: 0 });
    clock.advance(waitMilliseconds - 1);
    assert.equal(alone.look(RATE, "a", clock.now()).isWithin, false);
    clock.advance(1);
    assert.equal(alone.look(RATE, "a", clock.now()).isWithin, true);
  });

  it("keep keys, and rates, apart", () => {
    const alone = tally();
    takeUntilRefused(alone);
    assert.equal(alone.take(RATE, "b", clock.now()).left, 99);
    assert.equal(alone.take({ ...RATE, name: "other" }, "a", clock.now()).left, 99);
  });

  it("never let more through in any stretch as long as the window", () => {
    const small = { name: "small", countMax: 5, windowMilliseconds: MINUTE };
    const pauses = fc.array(fc.nat({ max: 20_000 }), { minLength: 50, maxLength: 100 });
    fc.assert(
      fc.property(pauses, fc.string(), (each, key) => {
        const alone = tally();
        const taken: number[] = [];
        for (const pause of each) {
          clock.advance(pause);
          if (alone.take(small, key, clock.now()).isWithin) {
            taken.push(clock.now());
          }
        }
        for (const [index, at] of taken.entries()) {
          const sixth = taken[index + small.countMax];
          assert.ok(sixth === undefined || sixth - at >= MINUTE, `${taken}`);
        }
        alone.close();
        open.pop();
      }),
      { numRuns: 30 },
    );
  });

  it("are exact among the threads of a process", () => {
    const memory = new SharedArrayBuffer(TALLY_MEMORY_BYTES);
    const threads = [tally({ memory }), tally({ memory }), tally({ memory })];
    const taken = Array.from({ length: 300 }, (_, index) =>
      threads[index % 3]?.take(RATE, "a", clock.now()),
    ).filter((count) => count?.isWithin === true);
    assert.equal(taken.length, 100);
  });

  it("let another process go beyond by a twentieth at most, and only if it was under way already", () => {
    const [here, there] = [tally(inFile()), tally(inFile())];
    there.take(RATE, "a", clock.now());
    const slack = RATE.countMax * TALLY_UNSHARED_PART_MAX;
    let taken = 1;
    for (let index = 0; index < 400; index++) {
      taken += (index % 2 === 0 ? here : there).take(RATE, "a", clock.now()).isWithin ? 1 : 0;
    }
    assert.ok(taken >= 100 && taken <= 100 + slack, `${taken}`);
    const third = tally(inFile());
    assert.equal(third.take(RATE, "a", clock.now()).isWithin, false);
  });

  it("reach other processes with the next round, and after a restart", () => {
    const [here, there] = [tally(inFile()), tally(inFile())];
    there.take(RATE, "a", clock.now());
    for (let count = 0; count < 4; count++) {
      here.take(RATE, "a", clock.now());
    }
    here.share(clock.now());
    there.share(clock.now());
    assert.equal(there.look(RATE, "a", clock.now()).left, 95);
    assert.equal(tally(inFile()).look(RATE, "a", clock.now()).left, 95);
    clock.advance(12 * MINUTE);
    assert.equal(tally(inFile()).look(RATE, "a", clock.now()).left, 100);
  });

  it("stay in the memory that they have, and keep who was counted last", () => {
    const memory = new SharedArrayBuffer(16 * 1024);
    const alone = tally({ memory });
    for (let index = 0; index < 5000; index++) {
      alone.take(RATE, `address ${index}`, clock.now());
      clock.advance(1);
    }
    takeUntilRefused(alone);
    assert.equal(alone.look(RATE, "a", clock.now()).isWithin, false);
  });

  it("are kept by each process for itself where there is no room for the file, and the log says so", () => {
    const alone = tally({ path: join(directory.path, "nowhere", "counts.sqlite") });
    assert.equal(takeUntilRefused(alone), 100);
    assert.equal(events.named("counts-not-shared").length, 1);
  });
});
