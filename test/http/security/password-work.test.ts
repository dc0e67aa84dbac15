import assert from "node:assert/strict";
import type { Context } from "../../../provider/server/src/app/context.ts";
import { PASSWORD_LENGTH_MAX } from "../../../provider/server/src/domain/limits.ts";
import { assertRefused, assertStatus } from "../../support/distribution-client.ts";
import { type Answer, send } from "../../support/http-request.ts";
import { LocalRegistry } from "../../support/local-registry.ts";
import { basic, makeUser, manage, OWNER } from "../../support/management.ts";
import { overriding } from "../../support/people.ts";

/** What a check of credentials asked for: how many times a person was looked up, and a password hashed. */
interface Work {
  lookups: number;
  checks: number;
}

/** The same work whoever is named, counted instead of timed: nothing can be learnt from how long an answer takes. */
describe("the work of checking a password", () => {
  let local: LocalRegistry;
  let work: Work = { lookups: 0, checks: 0 };
  let duringCheck: () => Promise<void> = async () => {};

  function counting(context: Context): Context {
    const { users } = context.metadata;
    const countedUsers = overriding(users, {
      findByEmail: (email: string) => {
        work.lookups++;
        return users.findByEmail(email);
      },
    });
    const { hasher } = context;
    const countedHasher = overriding(hasher, {
      verifyPassword: async (...parameters: Parameters<typeof hasher.verifyPassword>) => {
        work.checks++;
        const isRight = await hasher.verifyPassword(...parameters);
        await duringCheck();
        return isRight;
      },
    });
    const metadata = overriding(context.metadata, { users: countedUsers });
    return { ...context, metadata, hasher: countedHasher };
  }

  before(async () => {
    local = await LocalRegistry.start({ adapt: counting });
  });
  after(() => local.close());

  async function asking(
    username: string,
    password: string,
  ): Promise<{ answer: Answer; work: Work }> {
    work = { lookups: 0, checks: 0 };
    const headers = { authorization: basic({ username, password }) };
    const answer = await send(local.url, "GET", "/v2/", { headers });
    return { answer, work };
  }

  const said = ({ status, headers: { date: _, ...headers }, body }: Answer) => ({
    status,
    headers,
    body: body.toString(),
  });

  it("is the same for somebody and for nobody, and so is the answer", async () => {
    const known = await asking(OWNER.username, "a password that is wrong");
    const unknown = await asking("nobody@moorage.example", "a password that is wrong");
    assert.deepEqual(known.work, { lookups: 1, checks: 1 });
    assert.deepEqual(unknown.work, known.work);
    assert.deepEqual(said(unknown.answer), said(known.answer));
    assertRefused(known.answer, 401, "UNAUTHORIZED");
  });

  it("is none for a password longer than any, whoever is named: a JWT of a stranger's, too", async () => {
    const jwt = `eyJhbGciOiJSUzI1NiJ9.${"a".repeat(PASSWORD_LENGTH_MAX)}.c2ln`;
    for (const password of ["p".repeat(PASSWORD_LENGTH_MAX + 1), "p".repeat(10_000), jwt]) {
      const known = await asking(OWNER.username, password);
      const unknown = await asking("nobody@moorage.example", password);
      assert.deepEqual(known.work, { lookups: 0, checks: 0 });
      assert.deepEqual(unknown.work, known.work);
      assert.deepEqual(said(unknown.answer), said(known.answer));
      assertRefused(known.answer, 401, "UNAUTHORIZED");
    }
  });

  it("is done for the longest password that there can be, also as another keyboard spells it", async () => {
    const user = await makeUser(local.url, "long@moorage.example", "reader");
    const password = "\u00e9".repeat(PASSWORD_LENGTH_MAX);
    const changed = await manage(local.url, "PATCH", `/users/${user.id}`, { password });
    assert.equal(changed.status, 200);
    for (const spelt of [password, password.normalize("NFD")]) {
      assertStatus((await asking(user.username, spelt)).answer, 200);
    }
  });

  it("ends in a refusal where the person was given another password, or removed, meanwhile", async () => {
    const user = await makeUser(local.url, "late@moorage.example", "reader");
    const today = "a password of today";
    const path = `/users/${user.id}`;
    const cases = [
      [user.password, () => manage(local.url, "PATCH", path, { password: today })],
      [today, () => manage(local.url, "DELETE", path)],
    ] as const;
    for (const [password, change] of cases) {
      duringCheck = async () => {
        duringCheck = async () => {};
        assert.ok((await change()).ok);
      };
      assertRefused((await asking(user.username, password)).answer, 401, "UNAUTHORIZED");
    }
  });
});
