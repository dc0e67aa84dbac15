import assert from "node:assert/strict";
import { RefusalNotes } from "../../../provider/server/src/app/refusal-notes.ts";
import type { AuditEvent } from "../../../provider/server/src/domain/audit.ts";
import type { AuditEventId } from "../../../provider/server/src/domain/ids.ts";
import { REFUSAL_EVENT_EVERY_MILLISECONDS } from "../../../provider/server/src/domain/limits.ts";
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
  function start(limits: { notedMax?: number; burstMax?: number } = {}) {
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
    const notes = new RefusalNotes({ metadata: { audit: { append } }, events, clock }, limits);
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
    const { notes, clock, told } = start({ burstMax: 2 });
    for (let number = 0; number < 50; number++) {
      notes.note(refusal(`eve${number}`));
    }
    await notes.flush();
    assert.deepEqual(told(), ["eve0 1", "eve1 1"]);
    clock.advance(REFUSAL_EVENT_EVERY_MILLISECONDS);
    await notes.close();
    assert.deepEqual(told(), ["eve0 1", "eve1 1", "(others) 48"]);
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
