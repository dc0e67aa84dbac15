import assert from "node:assert/strict";
import {
  FAILED_SIGN_INS_OF_ADDRESS_MAX,
  FAILED_SIGN_INS_OF_NAME_MAX,
  FAILED_SIGN_INS_OF_PAIR_MAX,
  SLOWED_CHECKS_MILLISECONDS,
  SLOWED_CHECKS_OF_ADDRESS_MAX,
  SLOWED_CHECKS_OF_NAME_MAX,
  SLOWED_CHECKS_OF_PAIR_MAX,
} from "../../../provider/server/src/domain/limits.ts";
import { type Application, startApplication } from "../../support/application.ts";

const NAME = "owner@moorage.example";
const OF_PAIR = FAILED_SIGN_INS_OF_PAIR_MAX + SLOWED_CHECKS_OF_PAIR_MAX;
const OF_ADDRESS = FAILED_SIGN_INS_OF_ADDRESS_MAX + SLOWED_CHECKS_OF_ADDRESS_MAX;

describe("guessing passwords", () => {
  let app: Application;
  beforeEach(async () => {
    app = await startApplication();
  });
  afterEach(() => app.close());

  const guard = () => app.context.signInGuard;

  /** Seconds to wait, or `undefined` when a password would be checked. */
  function refusal(name: string, address: string): number | undefined {
    try {
      guard().expectTry({ name, address });
      return undefined;
    } catch (error) {
      assert.ok(error instanceof Error && "reason" in error && "detail" in error);
      assert.equal(error.reason, "sign-in-slowed");
      return Object(error.detail).retryAfterSeconds;
    }
  }

  function guess(name: string, address: string): boolean {
    if (refusal(name, address) !== undefined) {
      return false;
    }
    guard().failed({ name, address });
    return true;
  }

  function guesses(count: number, name: string, addressOf: (index: number) => string): number {
    return Array.from({ length: count }, (_, index) => guess(name, addressOf(index))).filter(
      Boolean,
    ).length;
  }

  it("is slowed for a name at an address after some failures, however the name is written, to one each time that is told", () => {
    const made = guesses(30, NAME, () => "192.0.2.1");
    assert.equal(made, OF_PAIR);
    for (let turn = 0; turn < 3; turn++) {
      const seconds = refusal(NAME.toUpperCase(), "192.0.2.1") ?? 0;
      assert.ok(seconds > 0 && seconds <= 17, `${seconds}`);
      app.clock.advance(seconds * 1000);
      assert.equal(
        guesses(10, NAME, () => "192.0.2.1"),
        1,
      );
    }
  });

  it("by a neighbour keeps nobody from signing in for longer than seconds, at the same address and under the same name", () => {
    for (let neighbour = 0; neighbour < 100; neighbour++) {
      guesses(10, `name-${neighbour}`, () => "192.0.2.1");
    }
    guesses(30, NAME, () => "192.0.2.1");
    const seconds = refusal(NAME, "192.0.2.1") ?? 0;
    app.clock.advance(seconds * 1000);
    assert.ok(seconds <= 17, `${seconds}`);
    assert.equal(refusal(NAME, "192.0.2.1"), undefined);
  });

  it("locks nobody out elsewhere, and no other name at that address", () => {
    guesses(30, NAME, () => "192.0.2.1");
    assert.equal(refusal(NAME, "192.0.2.2"), undefined);
    assert.equal(refusal("somebody@moorage.example", "192.0.2.1"), undefined);
  });

  it("is slowed at an address after more failures, whatever the names, but not to people who have signed in there", () => {
    guard().succeeded({ name: NAME, address: "192.0.2.1" });
    let made = 0;
    for (let index = 0; index < 200; index++) {
      made += guess(`name-${index}`, "192.0.2.1") ? 1 : 0;
    }
    assert.equal(made, OF_ADDRESS);
    assert.equal(refusal(NAME, "192.0.2.1"), undefined);
  });

  it("from everywhere slows the name down at new addresses, and locks it nowhere", () => {
    guard().succeeded({ name: NAME, address: "192.0.2.1" });
    const made = guesses(1000, NAME, (index) => `198.51.100.${index % 250}`);
    assert.equal(made, FAILED_SIGN_INS_OF_NAME_MAX + SLOWED_CHECKS_OF_NAME_MAX);
    assert.equal(refusal(NAME, "192.0.2.1"), undefined, "known address");
    const seconds = refusal(NAME, "203.0.113.1") ?? 0;
    assert.ok(seconds >= 1 && seconds * 1000 <= SLOWED_CHECKS_MILLISECONDS + 1000, `${seconds}`);
    app.clock.advance(seconds * 1000);
    assert.equal(refusal(NAME, "203.0.113.1"), undefined, "after the wait");
  });

  it("counts a network of IPv6 as one address", () => {
    const made = guesses(30, NAME, (index) => `2001:db8:1:2::${index}`);
    assert.equal(made, OF_PAIR);
  });

  it("is told to the log, once in a while and never whole", () => {
    const long = `${"x".repeat(1000)}\n{}`;
    guesses(200, long, () => "192.0.2.1");
    const told = app.events.named("sign-in-slowed");
    assert.equal(told.length, 1);
    assert.equal(told[0]?.fields?.["remote"], "192.0.2.1");
    assert.equal(told[0]?.fields?.["cause"], "pair");
    assert.equal(String(told[0]?.fields?.["username"]).length, 100);
  });
});
