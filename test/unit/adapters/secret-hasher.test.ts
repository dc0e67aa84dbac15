import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { ScryptSecretHasher } from "../../../provider/server/src/adapters/secret-hasher/scrypt-secret-hasher.ts";
import { isRefusal } from "../../../provider/server/src/domain/errors.ts";
import {
  PASSWORD_CACHE_MILLISECONDS,
  PASSWORD_CHECKS_AT_ONCE_MAX,
  PASSWORD_CHECKS_WAITING_MAX,
} from "../../../provider/server/src/domain/limits.ts";
import { FixedClock } from "../../support/fixed-clock.ts";

describe("ScryptSecretHasher", () => {
  const clock = new FixedClock();
  const hasher = new ScryptSecretHasher(randomBytes(32), clock);
  let hash: string;

  before(async () => {
    hash = await hasher.hashPassword("correct horse battery");
  });

  /** CPU seconds that a check takes in the thread pool: scrypt, or an answer from memory. */
  async function cpuMilliseconds(check: () => Promise<boolean>): Promise<number> {
    const before = process.cpuUsage();
    await check();
    const { user, system } = process.cpuUsage(before);
    return (user + system) / 1000;
  }

  it("hashes a token's secret the same way each time, and another way with another key", () => {
    const other = new ScryptSecretHasher(randomBytes(32), clock);
    assert.equal(hasher.hashTokenSecret("s"), hasher.hashTokenSecret("s"));
    assert.notEqual(hasher.hashTokenSecret("s"), hasher.hashTokenSecret("t"));
    assert.notEqual(hasher.hashTokenSecret("s"), other.hashTokenSecret("s"));
    assert.equal(Buffer.from(hasher.hashTokenSecret("s"), "base64url").byteLength, 32);
  });

  it("writes a salted hash in PHC format that holds its own cost", async () => {
    assert.match(hash, /^\$scrypt\$ln=14,r=8,p=5\$[A-Za-z0-9+/]{22}\$[A-Za-z0-9+/]{43}$/);
    assert.notEqual(await hasher.hashPassword("correct horse battery"), hash);
  });

  it("tells the right password from a wrong one", async () => {
    assert.equal(await hasher.verifyPassword("correct horse battery", hash), true);
    assert.equal(await hasher.verifyPassword("correct horse batterz", hash), false);
    assert.equal(await hasher.verifyPassword("", hash), false);
  });

  it("takes the same password in another Unicode form", async () => {
    const composed = await hasher.hashPassword("caf\u00e9 au lait");
    assert.equal(await hasher.verifyPassword("cafe\u0301 au lait", composed), true);
  });

  it("answers for nobody with no, at the cost of a wrong password", async () => {
    assert.equal(await hasher.verifyPassword("anything", undefined), false);
    const wrong = await cpuMilliseconds(() => hasher.verifyPassword("wrong", hash));
    const nobody = await cpuMilliseconds(() => hasher.verifyPassword("wrong", undefined));
    assert(nobody > wrong / 3 && nobody < wrong * 3, `${nobody} ms against ${wrong} ms`);
  });

  it("remembers a right answer for a while, and a wrong one never", async () => {
    const check = () => hasher.verifyPassword("correct horse battery", hash);
    const wrong = await cpuMilliseconds(() => hasher.verifyPassword("wrong again", hash));
    await check();
    assert((await cpuMilliseconds(check)) < wrong / 4);
    clock.advance(PASSWORD_CACHE_MILLISECONDS);
    assert((await cpuMilliseconds(check)) > wrong / 4);
    assert((await cpuMilliseconds(() => hasher.verifyPassword("wrong again", hash))) > wrong / 4);
  });

  it("checks once for all who present the same credentials at the same time", async () => {
    const check = () => hasher.verifyPassword("not this one", hash);
    const one = await cpuMilliseconds(check);
    const many = async () => (await Promise.all(Array.from({ length: 12 }, check))).some(Boolean);
    assert((await cpuMilliseconds(many)) < 4 * one);
  });

  it("refuses a stored hash that is none, or that asks for too much memory", async () => {
    for (const bad of [
      "",
      "plain",
      hash.replace("ln=14", "ln=20"),
      hash.replace("scrypt", "md5"),
    ]) {
      await assert.rejects(hasher.verifyPassword("x", bad), /stored password hash/);
    }
  });

  it("refuses further checks when as many wait as it takes", async () => {
    const flooded = new ScryptSecretHasher(randomBytes(32), clock);
    const admitted = PASSWORD_CHECKS_AT_ONCE_MAX + PASSWORD_CHECKS_WAITING_MAX;
    // A cheap hash, since all that were let in are waited for.
    const cheap = hash.replace("ln=14,r=8,p=5", "ln=1,r=1,p=1");
    const checks = Array.from({ length: admitted + 3 }, (_, index) =>
      flooded.verifyPassword(`guess ${index}`, cheap),
    );
    const results = await Promise.allSettled(checks);
    const refused = results.filter(
      (result) => result.status === "rejected" && isRefusal(result.reason, "service-unavailable"),
    );
    assert.equal(refused.length, 3);
    assert.equal(await flooded.verifyPassword("later", cheap), false);
  });
});
