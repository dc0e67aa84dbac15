import assert from "node:assert/strict";
import { auditEvent } from "../../../provider/server/src/app/audit-event.ts";
import type { Context } from "../../../provider/server/src/app/context.ts";
import { createOrganization } from "../../../provider/server/src/app/create-organization.ts";
import { expireAuditEvents } from "../../../provider/server/src/app/expire-audit-events.ts";
import { AUDIT_EVENTS_PER_REMOVAL_MAX } from "../../../provider/server/src/domain/limits.ts";
import { type Application, startApplication } from "../../support/application.ts";
import { OPERATOR } from "../../support/operator.ts";

const DAY = 24 * 60 * 60_000;

describe("the retention of the audit log", () => {
  let app: Application;
  beforeEach(async () => {
    app = await startApplication();
  });
  afterEach(() => app.close());

  const keeping = (days: number | undefined): Context => ({
    ...app.context,
    settings: {
      ...app.context.settings,
      auditRetentionMilliseconds: days === undefined ? undefined : days * DAY,
    },
  });
  const log = async (organizationId = app.owner.organizationId) => {
    const page = { isOldestFirst: true, limit: 100 };
    const events = await app.context.metadata.audit.list(organizationId, page);
    return events.map(({ event }) => `${event.action} ${event.count}`);
  };
  const happen = (count: number) =>
    app.context.metadata.audit.append(
      Array.from({ length: count }, () =>
        auditEvent(app.context, app.owner, { action: "registry.change" }),
      ),
    );

  it("is for ever where no setting says otherwise", async () => {
    app.clock.advance(100_000 * DAY);
    assert.equal(await expireAuditEvents(keeping(undefined)), 0);
    assert.deepEqual(await log(), ["organization.create 1"]);
  });

  it("removes what is older, of every organization, and tells how much in each log", async () => {
    const draft = { name: "Second", ownerEmail: "boss@second.example" };
    const { organization } = await createOrganization(app.context, OPERATOR, draft);
    app.clock.advance(10 * DAY);
    await happen(1);
    app.clock.advance(21 * DAY);
    assert.equal(await expireAuditEvents(keeping(30)), 2);
    assert.deepEqual(await log(), ["registry.change 1", "audit-events.expire 1"]);
    assert.deepEqual(await log(organization.id), ["audit-events.expire 1"]);
    assert.equal(await expireAuditEvents(keeping(30)), 0);
  });

  it("removes more than one transaction takes", async () => {
    await happen(AUDIT_EVENTS_PER_REMOVAL_MAX + 5);
    app.clock.advance(2 * DAY);
    assert.equal(await expireAuditEvents(keeping(1)), AUDIT_EVENTS_PER_REMOVAL_MAX + 6);
    assert.deepEqual(await log(), [
      `audit-events.expire ${AUDIT_EVENTS_PER_REMOVAL_MAX}`,
      "audit-events.expire 6",
    ]);
  });

  it("ends where it is told to stop", async () => {
    app.clock.advance(2 * DAY);
    assert.equal(await expireAuditEvents(keeping(1), AbortSignal.abort()), 0);
  });
});
