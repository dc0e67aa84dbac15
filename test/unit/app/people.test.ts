import assert from "node:assert/strict";
import { changePerson, deletePerson } from "../../../provider/server/src/app/change-person.ts";
import type { Context } from "../../../provider/server/src/app/context.ts";
import { createPerson } from "../../../provider/server/src/app/create-person.ts";
import type { UserPrincipal } from "../../../provider/server/src/domain/access.ts";
import { operatorSignature } from "../../../provider/server/src/domain/registry.ts";
import type { Role } from "../../../provider/server/src/domain/role.ts";
import type { User } from "../../../provider/server/src/domain/user.ts";
import { type Application, startApplication } from "../../support/application.ts";

describe("a change of a person that another one overtakes", () => {
  let application: Application;
  let admin: UserPrincipal;
  let made = 0;
  before(async () => {
    application = await startApplication();
    const { id: userId, email, role } = await add("admin");
    admin = { ...application.owner, userId, email, role };
  });
  after(() => application.close());

  async function add(role: Role): Promise<User> {
    const draft = { email: `p${made++}@moorage.example`, role, displayName: undefined };
    return (await createPerson(application.context, application.owner, draft)).user;
  }

  /** The same parts, but `times` the person gets a role just before somebody's change is stored. */
  function overtaking(user: User, role: Role, times: number): Context {
    const { context } = application;
    const { metadata } = context;
    const { users } = metadata;
    let left = times;
    const overtake = async () => {
      const found = await users.findById(user.id);
      if (found !== undefined && left-- > 0) {
        const by = operatorSignature(context.clock.now());
        await users.update(user.organizationId, user.id, { role }, by, found.revision);
      }
    };
    const slow: typeof users = Object.create(users, {
      find: { value: users.find.bind(users) },
      update: {
        value: async (...change: Parameters<typeof users.update>) => {
          await overtake();
          return users.update(...change);
        },
      },
      remove: {
        value: async (...removal: Parameters<typeof users.remove>) => {
          await overtake();
          return users.remove(...removal);
        },
      },
    });
    return { ...context, metadata: Object.create(metadata, { users: { value: slow } }) };
  }

  it("is decided anew: an admin gets at nobody who has just become an owner", async () => {
    const password = "the password of an admin";
    for (const attempt of [
      (context: Context, { id }: User) => changePerson(context, admin, id, { password }, undefined),
      (context: Context, { id }: User) => deletePerson(context, admin, id, undefined),
    ]) {
      const user = await add("developer");
      const context = overtaking(user, "owner", 1);
      await assert.rejects(attempt(context, user), { reason: "access-denied" });
      const found = await application.context.metadata.users.findById(user.id);
      assert.deepEqual([found?.role, found?.passwordHash], ["owner", user.passwordHash]);
    }
  });

  it("is made all the same where that changes nothing about it", async () => {
    const user = await add("developer");
    const context = overtaking(user, "reader", 2);
    const changed = await changePerson(context, admin, user.id, { displayName: "D" }, undefined);
    assert.deepEqual([changed.displayName, changed.role, changed.revision], ["D", "reader", 4]);
  });

  it("is given up where the caller expects a revision, or it is overtaken again and again", async () => {
    const user = await add("developer");
    const once = overtaking(user, "reader", 1);
    const expecting = changePerson(once, admin, user.id, { displayName: "D" }, [1]);
    await assert.rejects(expecting, { reason: "user-changed" });
    const always = overtaking(user, "reader", 100);
    const hopeless = changePerson(always, admin, user.id, { displayName: "D" }, undefined);
    await assert.rejects(hopeless, { reason: "user-changed" });
  });
});
