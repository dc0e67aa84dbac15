import assert from "node:assert/strict";
import {
  newOrganizationId,
  newUserId,
  ORGANIZATION,
  OWNER,
} from "../../support/metadata-samples.ts";
import { type MakeMetadataStore, useMetadataStore } from "./store-under-test.ts";

export function describeUsers(make: MakeMetadataStore): void {
  describe("users", () => {
    const test = useMetadataStore(make);

    it("keeps the first organization and its owner", async () => {
      assert.deepEqual(await test.store.users.organization(ORGANIZATION.id), ORGANIZATION);
      assert.deepEqual(await test.store.users.find(OWNER.id), OWNER);
    });

    it("takes no second first organization", async () => {
      const other = { ...ORGANIZATION, id: newOrganizationId(), contractNumber: 27_182 };
      const user = { ...OWNER, id: newUserId(), organizationId: other.id, email: "b@example.test" };
      assert.equal(await test.store.users.bootstrap(other, user), false);
      assert.equal(await test.store.users.organization(other.id), undefined);
      assert.equal(await test.store.users.find(user.id), undefined);
    });

    it("finds a person by e-mail address in any case, and shows it as it was given", async () => {
      for (const email of ["owner@example.test", "OWNER@EXAMPLE.TEST", OWNER.email]) {
        assert.deepEqual(await test.store.users.findByEmail(email), OWNER);
      }
      assert.equal(await test.store.users.findByEmail("owner@example.tes"), undefined);
      assert.equal(await test.store.users.findByEmail(""), undefined);
    });

    it("answers undefined for a person or organization that is not there", async () => {
      assert.equal(await test.store.users.find(newUserId()), undefined);
      assert.equal(await test.store.users.organization(newOrganizationId()), undefined);
    });

    it("replaces a password's hash, in the person's own organization only", async () => {
      const { users } = test.store;
      assert.equal(await users.setPasswordHash(ORGANIZATION.id, OWNER.id, "$scrypt$new"), true);
      assert.equal((await users.findByEmail(OWNER.email))?.passwordHash, "$scrypt$new");
      assert.equal(await users.setPasswordHash(newOrganizationId(), OWNER.id, "no"), false);
      assert.equal(await users.setPasswordHash(ORGANIZATION.id, newUserId(), "no"), false);
      assert.equal((await users.find(OWNER.id))?.passwordHash, "$scrypt$new");
    });
  });
}
