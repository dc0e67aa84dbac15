import assert from "node:assert/strict";
import { bootstrapOwner } from "../../../provider/server/src/app/bootstrap-owner.ts";
import { getOrganization } from "../../../provider/server/src/app/get-organization.ts";
import { type Application, startApplication } from "../../support/application.ts";

describe("the first owner", () => {
  let application: Application;
  before(async () => {
    application = await startApplication();
  });
  after(() => application.close());

  it("gets an organization with a contract number, and a password that is only kept hashed", async () => {
    const { context, owner } = application;
    const { organization, usage } = await getOrganization(context, owner);
    assert.equal(organization.contractNumber, 1);
    assert.deepEqual(usage, []);
    const user = await context.metadata.users.findByEmail("OWNER@moorage.example");
    assert.equal(user?.role, "owner");
    assert.match(user?.passwordHash ?? "", /^\$scrypt\$/);
    assert.equal(
      await context.hasher.verifyPassword("a password for tests only", user?.passwordHash),
      true,
    );
  });

  it("stays the only one, with the first password, whoever starts again", async () => {
    const { context } = application;
    const again = ["owner@moorage.example", "other@moorage.example"].map((email) =>
      bootstrapOwner(context, { email, password: "another password" }),
    );
    assert.deepEqual(await Promise.all(again), [false, false]);
    const { users } = context.metadata;
    assert.equal(await users.findByEmail("other@moorage.example"), undefined);
    const owner = await users.findByEmail("owner@moorage.example");
    assert.equal(
      await context.hasher.verifyPassword("another password", owner?.passwordHash),
      false,
    );
  });
});
