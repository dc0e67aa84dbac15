import assert from "node:assert/strict";
import { user } from "@moorage/core/contract/user";
import { FAILED_SIGN_INS_OF_PAIR_MAX } from "../../../provider/server/src/domain/limits.ts";
import { auditEvents } from "../../support/audit-log.ts";
import { bearerFor, bearing } from "../../support/bearer.ts";
import { assertStatus } from "../../support/distribution-client.ts";
import { LocalRegistry } from "../../support/local-registry.ts";
import { type Credentials, type MadeUser, makeUser, manage } from "../../support/management.ts";
import { answered, refused } from "../../support/management-answer.ts";

const NEXT = "another long password";

describe("one's own password", () => {
  let local: LocalRegistry;
  before(async () => {
    local = await LocalRegistry.start();
    await local.client.pushImage("app", "1");
  });
  after(() => local.close());

  const change = (who: Credentials, currentPassword: string, newPassword: string = NEXT) =>
    manage(local.url, "PUT", "/users/me/password", { currentPassword, newPassword }, who);
  const signIn = (who: Credentials) => manage(local.url, "GET", "/users/me", undefined, who);
  const changed = ({ username }: MadeUser): Credentials => ({ username, password: NEXT });

  for (const role of ["reader", "developer", "admin", "owner"]) {
    it(`is changed by a person who is ${role}, who knows the old one, and counts at once`, async () => {
      const person = await makeUser(local.url, `own-${role}@moorage.example`, role);
      const me = await answered(await signIn(person), 200, user);
      assert.deepEqual([me.id, me.properties.role], [person.id, role]);
      assert.equal((await change(person, person.password)).status, 204);
      assert.equal((await signIn(person)).status, 401);
      const after = await answered(await signIn(changed(person)), 200, user);
      assert.equal(after.metadata.lastModifiedBy, `own-${role}@moorage.example`);
    });
  }

  it("ends what was issued by the old one", async () => {
    const person = await makeUser(local.url, "bearer@moorage.example", "developer");
    const bearer = await bearerFor(local.url, person, "repository:shop/app:pull");
    const client = local.client.anonymous().with({ headers: bearing(bearer) });
    assertStatus(await client.ask("GET", "app", "manifests/1"), 200);
    assert.equal((await change(person, person.password)).status, 204);
    assertStatus(await client.ask("GET", "app", "manifests/1"), 401);
  });

  it("stays where the current one is wrong, which counts as a failed sign-in", async () => {
    const person = await makeUser(local.url, "guessed@moorage.example", "reader");
    let codes: readonly string[] = [];
    for (let guess = 0; guess <= FAILED_SIGN_INS_OF_PAIR_MAX; guess++) {
      const answer = await change(person, `a wrong password ${guess}`);
      codes = await refused(answer, 403);
      assert.deepEqual(codes, ["current-password-wrong"]);
    }
    assert.deepEqual(await refused(await change(person, "one more"), 429), ["sign-in-slowed"]);
    assert.equal((await signIn(person)).status, 200);
    await local.context.refusals.flush();
    const events = await auditEvents(local.url, { actor: person.id, action: "sign-in.fail" });
    const count = events.reduce((sum, event) => sum + event.count, 0);
    assert.equal(count, FAILED_SIGN_INS_OF_PAIR_MAX + 1);
    assert.equal(events[0]?.reason, "password-wrong");
  });

  it("is in the audit log as changed by the person, without either password", async () => {
    const person = await makeUser(local.url, "told@moorage.example", "reader");
    assert.equal((await change(person, person.password)).status, 204);
    const [event, ...others] = await auditEvents(local.url, { actor: person.id });
    assert.deepEqual(others, []);
    assert.deepEqual([event?.action, event?.changes], ["user.change", ["password"]]);
    assert.ok(!JSON.stringify(event).includes(NEXT));
  });

  it("is one that others may have as well: long enough, and no token's secret", async () => {
    const person = await makeUser(local.url, "short@moorage.example", "reader");
    for (const bad of ["short", `mrg_${"x".repeat(40)}`, "x".repeat(300)]) {
      await refused(await change(person, person.password, bad), 400);
    }
    assert.equal((await signIn(person)).status, 200);
  });
});
