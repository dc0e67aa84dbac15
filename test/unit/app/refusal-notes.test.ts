import assert from "node:assert/strict";
import { SharedTally } from "../../../provider/server/src/adapters/tally/shared-tally.ts";
import { RefusalNotes } from "../../../provider/server/src/app/refusal-notes.ts";
import type { AuditEvent } from "../../../provider/server/src/domain/audit.ts";
import type { AuditEventId } from "../../../provider/server/src/domain/ids.ts";
import {
  OTHER_REFUSALS_EVERY_MILLISECONDS,
  TALLY_MEMORY_BYTES,
} from "../../../provider/server/src/domain/limits.ts";
import { FixedClock } from "../../support/fixed-clock.ts";
import { RecordedEvents } from "../../support/recorded-events.ts";

function refusal(name: string, address = "192.0.2.1"): AuditEvent {
  return {
    id: "5d1c7a52-0f3e-4a6e-9b52-0c9a3c1f0e11" as AuditEventId,
    organizationId: undefined,
    at: 0,
    actor: { kind: "unknown", id: undefined, name },
    action: "sign-in.fail",
    outcome: "refused",
    reason: "name-unknown",
    registry: undefined,
    resource: undefined,
    changes: [],
    origin: { address, requestId: "r", userAgent: undefined },
    count: 1,
  };
}

describe("notes on what was refused", () => {
  const open: SharedTally[] = [];
  afterEach(() => {
    for (const tally of open.splice(0)) {
      tally.close();
    }
  });

  function start(
    limits: { notedMax?: number; eventsMax?: number } = {},
    memory = new SharedArrayBuffer(TALLY_MEMORY_BYTES),
  ) {
    const written: AuditEvent[] = [];
    const state = { isBroken: false };
    const append = async (events: readonly AuditEvent[]) => {
      if (state.isBroken) {
        throw new Error("the disk is full");
      }
      written.push(...events);
    };
    const clock = new FixedClock();
    const events = new RecordedEvents();
    const secret = new Uint8Array(32);
    const tally = new SharedTally({ secret, memory, events, now: () => clock.now() });
    open.push(tally);
    const metadata = { audit: { append } };
    const notes = new RefusalNotes({ metadata, events, clock, tally }, limits);
    const told = () => written.map(({ actor, count }) => `${actor.name} ${count}`);
    return { notes, clock, events, state, told };
  }

  it("make one event of what is alike, and tell addresses apart", async () => {
    const { notes, told } = start();
    for (let tried = 0; tried < 1000; tried++) {
      notes.note(refusal("eve"));
    }
    notes.note(refusal("eve", "192.0.2.2"));
    await notes.close();
    assert.deepEqual(told(), ["eve 1000", "eve 1"]);
  });

  it("only count what memory has no room for", async () => {
    const { notes, told } = start({ notedMax: 2 });
    for (let number = 0; number < 50; number++) {
      notes.note(refusal(`eve${number}`));
    }
    await notes.close();
    assert.deepEqual(told(), ["eve0 1", "eve1 1", "(others) 48"]);
  });

  it("only count what the disk has no room for, until time has passed", async () => {
    const { notes, clock, told } = start({ eventsMax: 2 });
    const refuse = async () => {
      for (let number = 0; number < 50; number++) {
        notes.note(refusal(`eve${number}`));
      }
      await notes.flush();
    };
    await refuse();
    await refuse();
    assert.deepEqual(told(), ["eve0 1", "eve1 1", "(others) 48"]);
    clock.advance(2 * OTHER_REFUSALS_EVERY_MILLISECONDS);
    await notes.flush();
    assert.deepEqual(told(), ["eve0 1", "eve1 1", "(others) 48", "(others) 50"]);
    await notes.close();
  });

  it("write what they have only counted when they end", async () => {
    const { notes, told } = start({ eventsMax: 1 });
    for (const name of ["eve", "mallory", "trudy"]) {
      notes.note(refusal(name));
      await notes.flush();
    }
    await notes.close();
    assert.deepEqual(told(), ["eve 1", "(others) 1", "(others) 1"]);
  });

  it("of all workers together write no more than one log takes", async () => {
    const memory = new SharedArrayBuffer(TALLY_MEMORY_BYTES);
    const workers = Array.from({ length: 4 }, () => start({ eventsMax: 10 }, memory));
    for (const [index, { notes }] of workers.entries()) {
      for (let number = 0; number < 50; number++) {
        notes.note(refusal(`eve${index}-${number}`));
      }
      await notes.flush();
    }
    const told = workers.flatMap((worker) => worker.told());
    assert.equal(told.filter((line) => line.startsWith("eve")).length, 10);
    await Promise.all(workers.map(({ notes }) => notes.close()));
    const counts = workers.flatMap((worker) => worker.told()).map((line) => line.split(" ")[1]);
    assert.equal(
      counts.reduce((sum, count) => sum + Number(count), 0),
      200,
    );
  });

  it("keep what could not be written, and say so", async () => {
    const { notes, events, state, told } = start();
    state.isBroken = true;
    notes.note(refusal("eve"));
    await notes.flush();
    assert.equal(events.named("refusals-not-written").length, 1);
    state.isBroken = false;
    notes.note(refusal("eve"));
    await notes.close();
    assert.deepEqual(told(), ["eve 2"]);
  });
});
