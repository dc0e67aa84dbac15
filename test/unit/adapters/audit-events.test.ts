import assert from "node:assert/strict";
import { CompiledQuery } from "kysely";
import { SqlMetadataStore } from "../../../provider/server/src/adapters/metadata-sql/sql-metadata-store.ts";
import { SqliteDatabase } from "../../../provider/server/src/adapters/metadata-sqlite/sqlite-database.ts";
import { bootstrapOwner } from "../../../provider/server/src/app/bootstrap-owner.ts";
import type { Context } from "../../../provider/server/src/app/context.ts";
import { createRegistry } from "../../../provider/server/src/app/create-registry.ts";
import { type Application, startApplication } from "../../support/application.ts";

const DRAFT = {
  name: "shop",
  location: "de/fra",
  visibility: "private",
  schedule: undefined,
  isScanned: false,
  allowList: [],
  isProtected: false,
} as const;

describe("events in the database", () => {
  let application: Application;
  let database: SqliteDatabase;
  let context: Context;
  beforeEach(async () => {
    application = await startApplication();
    database = await SqliteDatabase.open(":memory:");
    const metadata = new SqlMetadataStore(database);
    await metadata.migrate();
    context = { ...application.context, metadata };
    await bootstrapOwner(context, { email: "owner@moorage.example", password: "for tests only" });
  });
  afterEach(async () => {
    await database.close();
    await application.close();
  });

  const run = (text: string) =>
    database.transaction((session) => session.execute(CompiledQuery.raw(text)));

  async function owner() {
    const user = await context.metadata.users.findByEmail("owner@moorage.example");
    assert.ok(user !== undefined);
    const { id: userId, organizationId } = user;
    return { ...application.owner, userId, organizationId };
  }

  it("are neither changed nor removed by any statement", async () => {
    for (const text of ["update audit_events set actor_name = 'x'", "delete from audit_events"]) {
      await assert.rejects(run(text), /neither changed nor removed/);
    }
    const { organizationId } = await owner();
    const page = { isOldestFirst: true, limit: 10 };
    const events = await context.metadata.audit.list(organizationId, page);
    assert.deepEqual(
      events.map(({ event }) => event.action),
      ["organization.create"],
    );
  });

  it("are removed only if they are older than what is kept, and are not changed even then", async () => {
    const { organizationId } = await owner();
    const { audit } = context.metadata;
    const page = { isOldestFirst: true, limit: 10 };
    const now = context.clock.now();
    const fresh = application.context.clock.now() + 1000;
    await run(`update audit_retention set kept_from = ${now}`);
    await assert.rejects(run("delete from audit_events"), /neither changed nor removed/);
    await run(`update audit_retention set kept_from = ${fresh}`);
    await assert.rejects(run("update audit_events set at = 1"), /neither changed nor removed/);
    await run("delete from audit_events");
    assert.deepEqual(await audit.list(organizationId, page), []);
  });

  it("come with their change, or the change does not come", async () => {
    await run(
      "create trigger broken before insert on audit_events begin select raise(abort, 'no'); end",
    );
    const principal = await owner();
    await assert.rejects(createRegistry(context, principal, DRAFT));
    assert.equal(await context.metadata.registries.findByName("shop"), undefined);
    await run("drop trigger broken");
    await createRegistry(context, principal, DRAFT);
    assert.ok((await context.metadata.registries.findByName("shop")) !== undefined);
  });
});
