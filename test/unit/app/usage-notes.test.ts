import assert from "node:assert/strict";
import { UsageNotes } from "../../../provider/server/src/app/usage-notes.ts";
import type { Instant, TokenId } from "../../../provider/server/src/domain/ids.ts";
import { USAGE_NOTES_PER_TRANSACTION_MAX } from "../../../provider/server/src/domain/limits.ts";
import type { Pulls } from "../../../provider/server/src/ports/usage-store.ts";
import { eventually } from "../../support/eventually.ts";
import { APP, digestFor, newTokenId, OTHER } from "../../support/metadata-samples.ts";
import { RecordedEvents } from "../../support/recorded-events.ts";
import { newRegistryId } from "../../support/storage-names.ts";

/** Nothing is written unless the test says so. */
const NEVER = 2 ** 30;

describe("notes on what is used", () => {
  const registryId = newRegistryId();
  const [one, two] = [digestFor("one"), digestFor("two")];
  let written: Pulls[][];
  let touched: [TokenId, Instant][];
  let events: RecordedEvents;
  /** Which of the following transactions fails, counted from 1. */
  let failing: number;
  beforeEach(() => {
    written = [];
    touched = [];
    events = new RecordedEvents();
    failing = 0;
  });

  function notes(flushMilliseconds = NEVER, notesMax = 1000): UsageNotes {
    const transaction = async (work: () => void) => {
      failing--;
      if (failing === 0) {
        throw new Error("the database is away");
      }
      work();
    };
    const metadata = {
      usage: { addPulls: (pulls: readonly Pulls[]) => transaction(() => written.push([...pulls])) },
      tokens: {
        touch: (tokens: ReadonlyMap<TokenId, Instant>) =>
          transaction(() => touched.push(...tokens)),
      },
    };
    return new UsageNotes({ metadata, events }, { flushMilliseconds, notesMax });
  }

  it("add up until they are written, and only once", async () => {
    const made = notes();
    made.pulled(registryId, APP, one, 5);
    made.pulled(registryId, APP, one, 3);
    made.pulled(registryId, OTHER, one, 4);
    made.pulled(registryId, APP, two, 6);
    const token = newTokenId();
    made.tokenUsed(token, 9);
    made.tokenUsed(token, 8);
    assert.deepEqual(written, []);
    await made.close();
    assert.deepEqual(written, [
      [
        { registryId, repository: APP, digest: one, count: 2, lastAt: 5 },
        { registryId, repository: OTHER, digest: one, count: 1, lastAt: 4 },
        { registryId, repository: APP, digest: two, count: 1, lastAt: 6 },
      ],
    ]);
    assert.deepEqual(touched, [[token, 9]]);
    await made.close();
    assert.equal(written.length, 1);
  });

  it("are written after a while by themselves", async () => {
    const made = notes(1);
    for (const count of [1, 2]) {
      made.pulled(registryId, APP, one, 1);
      await eventually("the notes", async () => (written.length === count ? true : undefined));
    }
  });

  it("are kept when they cannot be written, with what comes after", async () => {
    const made = notes();
    failing = 1;
    made.pulled(registryId, APP, one, 1);
    const token = newTokenId();
    made.tokenUsed(token, 1);
    await made.flush();
    assert.deepEqual([written, touched], [[], []]);
    assert.equal(events.named("usage-not-written").length, 1);
    made.pulled(registryId, APP, one, 2);
    await made.close();
    assert.deepEqual(written, [
      [{ registryId, repository: APP, digest: one, count: 2, lastAt: 2 }],
    ]);
    assert.deepEqual(touched, [[token, 1]]);
  });

  it("are not written twice when a later part cannot be", async () => {
    const made = notes();
    const digests = Array.from({ length: USAGE_NOTES_PER_TRANSACTION_MAX + 1 }, (_, index) =>
      digestFor(String(index)),
    );
    for (const digest of digests) {
      made.pulled(registryId, APP, digest, 1);
    }
    made.tokenUsed(newTokenId(), 1);
    failing = 2;
    await made.flush();
    assert.equal(written.flat().length, USAGE_NOTES_PER_TRANSACTION_MAX);
    await made.close();
    const all = written.flat();
    assert.equal(all.length, digests.length);
    assert.ok(all.every(({ count }) => count === 1));
    assert.equal(touched.length, 1);
  });

  it("are written at once when there is no room for more, and dropped, not piled up, beyond", async () => {
    const made = notes(NEVER, 2);
    made.pulled(registryId, APP, one, 1);
    made.pulled(registryId, APP, two, 1);
    made.pulled(registryId, OTHER, one, 1);
    await eventually("the notes", async () => (written.length === 1 ? true : undefined));
    assert.equal(written[0]?.length, 2);
    assert.deepEqual(
      events.named("usage-dropped").map(({ fields }) => fields),
      [{ pulls: 1 }],
    );
    await made.close();
  });
});
