import assert from "node:assert/strict";
import {
  makePerson,
  newOrganizationId,
  newUserId,
  ORGANIZATION,
  OWNER,
  refusal,
} from "../../support/metadata-samples.ts";
import { type MakeMetadataStore, useMetadataStore } from "./store-under-test.ts";

export function describeOrganizations(make: MakeMetadataStore): void {
  describe("organizations", () => {
    const test = useMetadataStore(make);

    it("keeps the first one and its owner", async () => {
      assert.deepEqual(await test.store.organizations.find(ORGANIZATION.id), ORGANIZATION);
      assert.deepEqual(await test.store.users.findById(OWNER.id), OWNER);
    });

    it("takes no second first one", async () => {
      const { organizations, users } = test.store;
      const other = { ...ORGANIZATION, id: newOrganizationId(), contractNumber: 27_182 };
      const owner = makePerson({ organizationId: other.id, role: "owner" });
      assert.equal(await organizations.bootstrap(other, owner), false);
      assert.equal(await organizations.find(other.id), undefined);
      assert.equal(await users.findById(owner.id), undefined);
    });

    it("takes more, with an owner each, and counts their numbers up", async () => {
      const { organizations, users } = test.store;
      for (const number of [1, 2]) {
        const id = newOrganizationId();
        const owner = makePerson({ organizationId: id, role: "owner" });
        const made = await organizations.create({ id, name: `Another ${number}` }, owner);
        const contractNumber = ORGANIZATION.contractNumber + number;
        assert.deepEqual(made, { id, name: `Another ${number}`, contractNumber });
        assert.deepEqual(await organizations.find(id), made);
        assert.deepEqual(await users.find(id, owner.id), owner);
      }
    });

    it("takes neither a name that is taken nor an owner whose address is", async () => {
      const { organizations } = test.store;
      const id = newOrganizationId();
      const owner = makePerson({ organizationId: id, role: "owner" });
      await assert.rejects(
        organizations.create({ id, name: ORGANIZATION.name }, owner),
        refusal("organization-name-taken", { name: ORGANIZATION.name }),
      );
      const known = { ...owner, email: OWNER.email.toUpperCase() };
      await assert.rejects(
        organizations.create({ id, name: "Another" }, known),
        refusal("user-email-taken", { email: known.email }),
      );
      assert.deepEqual(await organizations.list({ after: 0, limit: 10 }), [ORGANIZATION]);
    });

    it("lists page by page, by contract number", async () => {
      const { organizations } = test.store;
      const id = newOrganizationId();
      const owner = makePerson({ id: newUserId(), organizationId: id, role: "owner" });
      const second = await organizations.create({ id, name: "A second" }, owner);
      assert.deepEqual(await organizations.list({ after: 0, limit: 1 }), [ORGANIZATION]);
      const { contractNumber: after } = ORGANIZATION;
      assert.deepEqual(await organizations.list({ after, limit: 10 }), [second]);
    });

    it("answers undefined for one that is not there", async () => {
      assert.equal(await test.store.organizations.find(newOrganizationId()), undefined);
    });
  });
}
