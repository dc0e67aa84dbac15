import assert from "node:assert/strict";
import type { AuditEvent } from "../../../provider/server/src/domain/audit.ts";
import { parseUuid } from "../../../provider/server/src/domain/ids.ts";
import type { AuditFilter } from "../../../provider/server/src/ports/audit-log.ts";
import {
  makePerson,
  NOW,
  newOrganizationId,
  newUserId,
  ORGANIZATION,
} from "../../support/metadata-samples.ts";
import { newRegistryId } from "../../support/storage-names.ts";
import { type MakeMetadataStore, useMetadataStore } from "./store-under-test.ts";

const ALL = { isOldestFirst: true, limit: 100 };

export function describeAudit(make: MakeMetadataStore): void {
  describe("the audit log", () => {
    const test = useMetadataStore(make);

    const names = async (filter: Partial<AuditFilter> = {}, organizationId = ORGANIZATION.id) =>
      (await test.store.audit.list(organizationId, { ...ALL, ...filter })).map(
        ({ event }) => event.resource?.name,
      );

    it("keeps an event whole", async () => {
      const event = eventOf("one", {
        actor: { kind: "user", id: newUserId(), name: "a@b.example" },
        outcome: "refused",
        reason: "access-denied",
        registry: { id: newRegistryId(), name: "gone" },
        changes: ["visibility", "port"],
        origin: { address: "2001:db8::1", requestId: "r-1", userAgent: "curl" },
        count: 7,
      });
      await test.store.audit.append([event]);
      const [kept] = await test.second.audit.list(ORGANIZATION.id, ALL);
      assert.deepEqual(kept?.event, event);
    });

    it("puts what is nobody's into the log of the first organization, and nothing of another's", async () => {
      const id = newOrganizationId();
      const owner = makePerson({ role: "owner", organizationId: id });
      await test.store.organizations.create({ id, name: "other" }, owner);
      await test.store.audit.append([
        eventOf("nobody's", { organizationId: undefined }),
        eventOf("other's", { organizationId: id }),
      ]);
      assert.deepEqual(await names(), ["nobody's"]);
      assert.deepEqual(await names({}, id), ["other's"]);
    });

    it("lists by time in both orders, page by page, events of one moment included", async () => {
      const events = [3, 1, 2, 2, 2].map((at, index) =>
        eventOf(`${at}-${index}`, { at: NOW + at }),
      );
      await test.store.audit.append(events);
      const ordered = ["1-1", "2-2", "2-3", "2-4", "3-0"];
      assert.deepEqual(await names(), ordered);
      assert.deepEqual(await names({ isOldestFirst: false }), ordered.toReversed());
      for (const isOldestFirst of [true, false]) {
        const paged: (string | undefined)[] = [];
        let after: { at: number; key: number } | undefined;
        do {
          const page = { isOldestFirst, limit: 2, after };
          const found = await test.store.audit.list(ORGANIZATION.id, page);
          paged.push(...found.map(({ event }) => event.resource?.name));
          after = found.at(-1)?.position;
        } while (after !== undefined);
        assert.deepEqual(paged, isOldestFirst ? ordered : ordered.toReversed());
      }
    });

    it("finds by time, registry, actor and action, and by all of them at once", async () => {
      const registryId = newRegistryId();
      const userId = newUserId();
      await test.store.audit.append([
        eventOf("a", { at: NOW, action: "token.create", registry: { id: registryId } }),
        eventOf("b", { at: NOW + 1, actor: { kind: "user", id: userId, name: "b@b.example" } }),
        eventOf("c", {
          at: NOW + 2,
          action: "token.create",
          registry: { id: registryId },
          actor: { kind: "user", id: userId, name: "b@b.example" },
        }),
      ]);
      assert.deepEqual(await names({ since: NOW + 1 }), ["b", "c"]);
      assert.deepEqual(await names({ until: NOW + 1 }), ["a"]);
      assert.deepEqual(await names({ registryId }), ["a", "c"]);
      assert.deepEqual(await names({ actorId: userId }), ["b", "c"]);
      assert.deepEqual(await names({ actorName: "b@b.example" }), ["b", "c"]);
      assert.deepEqual(await names({ actorName: "B@b.example" }), []);
      assert.deepEqual(await names({ action: "token.create" }), ["a", "c"]);
      const all = { since: NOW, until: NOW + 3, registryId, actorId: userId };
      assert.deepEqual(await names({ ...all, action: "token.create" }), ["c"]);
    });

    it("removes the oldest events before a moment, so many at a time, and tells of it in the same step", async () => {
      await test.store.audit.append(
        [1, 2, 3, 4, 5].map((at) => eventOf(`${at}`, { at: NOW + at })),
      );
      const told = (count: number) => eventOf(`removed ${count}`, { at: NOW + 9 });
      const { audit } = test.store;
      assert.equal(await audit.removeBefore(ORGANIZATION.id, NOW + 4, 2, told), 2);
      assert.deepEqual(await names(), ["3", "4", "5", "removed 2"]);
      assert.equal(await audit.removeBefore(ORGANIZATION.id, NOW + 4, 2, told), 1);
      assert.equal(await audit.removeBefore(ORGANIZATION.id, NOW + 4, 2, told), 0);
      assert.deepEqual(await names(), ["4", "5", "removed 2", "removed 1"]);
    });

    it("removes nothing of another organization", async () => {
      await test.store.audit.append([eventOf("kept")]);
      const other = newOrganizationId();
      const told = () => assert.fail("nothing was removed");
      assert.equal(await test.store.audit.removeBefore(other, NOW + 10, 10, told), 0);
      assert.deepEqual(await names(), ["kept"]);
    });
  });
}

let made = 0;

function eventOf(name: string, more: Partial<AuditEvent> = {}): AuditEvent {
  const id = `00000000-0000-4000-8000-${String(++made).padStart(12, "0")}`;
  const parsed = parseUuid<AuditEvent["id"]>(id);
  assert.ok(parsed !== undefined);
  return {
    id: parsed,
    organizationId: ORGANIZATION.id,
    at: NOW,
    actor: { kind: "server", id: undefined, name: "server" },
    action: "registry.create",
    outcome: "succeeded",
    reason: undefined,
    registry: undefined,
    resource: { type: "registry", id: undefined, name },
    changes: [],
    origin: undefined,
    count: 1,
    ...more,
  };
}
