import assert from "node:assert/strict";
import {
  FAILED_SIGN_INS_OF_PAIR_MAX,
  SLOWED_CHECKS_OF_PAIR_MAX,
} from "../../../provider/server/src/domain/limits.ts";
import { assertRefused, assertStatus } from "../../support/distribution-client.ts";
import { type Answer, jsonOf, send } from "../../support/http-request.ts";
import { LocalRegistry } from "../../support/local-registry.ts";
import { basic, OWNER } from "../../support/management.ts";

const CHECKS_MAX = FAILED_SIGN_INS_OF_PAIR_MAX + SLOWED_CHECKS_OF_PAIR_MAX;

describe("wrong passwords", () => {
  let local: LocalRegistry;
  let checks: number;

  beforeEach(async () => {
    checks = 0;
    local = await LocalRegistry.start({
      adapt: (context) => {
        const failed = context.signInGuard.failed.bind(context.signInGuard);
        context.signInGuard.failed = (attempt) => {
          checks++;
          failed(attempt);
        };
        return context;
      },
    });
  });
  afterEach(() => local.close());

  const ask = (path: string, username: string, password: string): Promise<Answer> =>
    send(local.url, "GET", path, {
      headers: { authorization: basic({ username, password }) },
    });

  async function guessUntilSlowed(username: string): Promise<void> {
    for (let count = 0; count < CHECKS_MAX; count++) {
      assertStatus(await ask("/registries", username, `a wrong password ${count}`), 401);
    }
  }

  for (const username of [OWNER.username, "nobody@moorage.example"]) {
    it(`of ${username} are no longer checked after some, on each API`, async () => {
      await guessUntilSlowed(username);
      const managed = await ask("/registries", username, "another wrong password");
      assertStatus(managed, 429);
      assert.equal(Object(jsonOf(managed)).messages[0].errorCode, "sign-in-slowed");
      const answers = [managed];
      for (const path of ["/v2/", "/token"]) {
        const answer = await ask(path, username, "another wrong password");
        assertRefused(answer, 429, "TOOMANYREQUESTS");
        answers.push(answer);
      }
      for (const { headers } of answers) {
        const seconds = Number(headers["retry-after"]);
        assert.ok(seconds >= 1 && seconds <= 17, `Retry-After: ${seconds}`);
      }
      assert.equal(checks, CHECKS_MAX);
    });
  }

  it("do not keep anybody out whose password was found right a moment ago, nor any token", async () => {
    assertStatus(await ask("/registries", OWNER.username, OWNER.password), 200);
    await guessUntilSlowed(OWNER.username);
    assertStatus(await ask("/registries", OWNER.username, "another wrong password"), 429);
    assertStatus(await ask("/registries", OWNER.username, OWNER.password), 200);
    assertStatus(await local.client.send("GET", "/v2/"), 200);
  });
});
