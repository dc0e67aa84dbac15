import assert from "node:assert/strict";
import type { User } from "../../../provider/server/src/domain/user.ts";
import {
  makePerson,
  NOW,
  newOrganizationId,
  newUserId,
  ORGANIZATION,
  OWNER,
  refusal,
  SIGNATURE,
} from "../../support/metadata-samples.ts";
import { type MakeMetadataStore, useMetadataStore } from "./store-under-test.ts";

const LATER = { ...SIGNATURE, at: NOW + 1000 };

export function describeUsers(make: MakeMetadataStore): void {
  describe("users", () => {
    const test = useMetadataStore(make);
    const add = async (parts: Partial<User> = {}): Promise<User> => {
      const user = makePerson(parts);
      await test.store.users.create(user);
      return user;
    };

    it("finds a person by e-mail address in any case, and shows it as it was given", async () => {
      for (const email of ["owner@example.test", "OWNER@EXAMPLE.TEST", OWNER.email]) {
        assert.deepEqual(await test.store.users.findByEmail(email), OWNER);
      }
      assert.equal(await test.store.users.findByEmail("owner@example.tes"), undefined);
      assert.equal(await test.store.users.findByEmail(""), undefined);
    });

    it("finds a person by id: over all organizations, or in one", async () => {
      const { users } = test.store;
      assert.deepEqual(await users.findById(OWNER.id), OWNER);
      assert.deepEqual(await users.find(ORGANIZATION.id, OWNER.id), OWNER);
      assert.equal(await users.find(newOrganizationId(), OWNER.id), undefined);
      assert.equal(await users.find(ORGANIZATION.id, newUserId()), undefined);
      assert.equal(await users.findById(newUserId()), undefined);
    });

    it("takes no address twice, in whatever case and organization", async () => {
      const { organizations, users } = test.store;
      const organizationId = newOrganizationId();
      const owner = makePerson({ organizationId, role: "owner" });
      await organizations.create({ id: organizationId, name: "Another" }, owner);
      const again = makePerson({ organizationId, email: "OWNER@example.TEST" });
      await assert.rejects(
        users.create(again),
        refusal("user-email-taken", { email: again.email }),
      );
      assert.equal(await users.findById(again.id), undefined);
    });

    it("lists an organization's people page by page, by address", async () => {
      const { users } = test.store;
      const ada = await add({ email: "Ada@example.test" });
      const zoe = await add({ email: "zoe@example.test" });
      const all = await users.list(ORGANIZATION.id, { limit: 10 });
      assert.deepEqual(all, [ada, OWNER, zoe]);
      const rest = await users.list(ORGANIZATION.id, { after: ada.email, limit: 1 });
      assert.deepEqual(rest, [OWNER]);
      assert.deepEqual(await users.list(newOrganizationId(), { limit: 10 }), []);
    });

    it("changes what is named, counts the revision up and keeps the rest", async () => {
      const { users } = test.store;
      const user = await add();
      const role = await users.update(ORGANIZATION.id, user.id, { role: "admin" }, LATER, 1);
      assert.deepEqual(role, { ...user, role: "admin", modified: LATER, revision: 2 });
      const changes = { passwordHash: "$scrypt$new", displayName: null };
      const other = await users.update(ORGANIZATION.id, user.id, changes, LATER, 2);
      assert.deepEqual(other, {
        ...user,
        role: "admin",
        passwordHash: "$scrypt$new",
        displayName: undefined,
        modified: LATER,
        revision: 3,
      });
      assert.deepEqual(await users.findByEmail(user.email), other);
    });

    it("changes and removes only at the revision that is given", async () => {
      const { users } = test.store;
      const user = await add();
      const changed = refusal("user-changed", { user: user.id });
      await assert.rejects(users.update(ORGANIZATION.id, user.id, {}, LATER, 2), changed);
      await assert.rejects(users.remove(ORGANIZATION.id, user.id, 2), changed);
      assert.deepEqual(await users.findById(user.id), user);
    });

    it("removes a person, whose address is free again", async () => {
      const { users } = test.store;
      const user = await add();
      assert.equal(await users.remove(ORGANIZATION.id, user.id, 1), true);
      assert.equal(await users.findById(user.id), undefined);
      assert.equal(await users.findByEmail(user.email), undefined);
      assert.equal(await users.remove(ORGANIZATION.id, user.id, 1), false);
      await users.create({ ...user, id: newUserId() });
    });

    it("changes and removes nobody of another organization", async () => {
      const { users } = test.store;
      const user = await add();
      const elsewhere = newOrganizationId();
      assert.equal(await users.update(elsewhere, user.id, { role: "admin" }, LATER, 1), undefined);
      assert.equal(await users.remove(elsewhere, user.id, 1), false);
      assert.deepEqual(await users.findById(user.id), user);
    });

    it("keeps the last owner an owner", async () => {
      const { users } = test.store;
      await add({ role: "admin" });
      const { id } = ORGANIZATION;
      const last = refusal("owner-last", { user: OWNER.email });
      await assert.rejects(users.update(id, OWNER.id, { role: "admin" }, LATER, 1), last);
      await assert.rejects(users.remove(id, OWNER.id, 1), last);
      const renamed = await users.update(
        id,
        OWNER.id,
        { displayName: "O", role: "owner" },
        LATER,
        1,
      );
      assert.equal(renamed?.displayName, "O");
      await add({ role: "owner" });
      assert.equal(await users.remove(id, OWNER.id, 2), true);
    });

    it("keeps one of two owners who go at the same moment, from two processes", async () => {
      const { id } = ORGANIZATION;
      const other = await add({ role: "owner" });
      const outcomes = await Promise.allSettled([
        test.store.users.remove(id, OWNER.id, 1),
        test.second.users.update(id, other.id, { role: "reader" }, LATER, 1),
      ]);
      assert.deepEqual(outcomes.map(({ status }) => status).sort(), ["fulfilled", "rejected"]);
      const left = await test.store.users.list(id, { limit: 10 });
      assert.equal(left.filter(({ role }) => role === "owner").length, 1);
    });
  });
}
