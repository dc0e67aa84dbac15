import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { type AuditProperties, auditEvents } from "../../support/audit-log.ts";
import { LocalRegistry } from "../../support/local-registry.ts";
import {
  basic,
  EVERYTHING,
  type MadeRegistry,
  makeRegistry,
  makeToken,
  manage,
  OWNER,
} from "../../support/management.ts";
import { MANAGEMENT_ROUTES } from "../../support/management-routes.ts";
import { person, withPeople } from "../../support/people.ts";

const AGENT = "audit-test/1.0";

/** One call of a route, and the event that it leaves. */
interface Case {
  readonly path: string;
  readonly body?: unknown;
  readonly action: AuditProperties["action"];
  readonly type: string;
  /** The name of the resource; where it is left out, whatever it is. */
  readonly name?: string;
  readonly changes?: readonly string[];
  /** Where the request itself makes the registry. */
  readonly isRegistryNew?: boolean;
}

type MakeCase = (here: Surroundings) => Promise<Case>;

interface Surroundings {
  readonly url: string;
  readonly registry: MadeRegistry;
  readonly local: LocalRegistry;
}

const REGISTRY = { location: "de/fra" };
const SCOPE = { type: "repository", name: "team/*", actions: ["pull"] };

let count = 0;
const fresh = (prefix: string) => `${prefix}${++count}`;

async function tokenPath({ url, registry }: Surroundings) {
  const name = fresh("robot");
  const { id } = await makeToken(url, registry, name, [EVERYTHING]);
  return { id, name, path: `/registries/${registry.id}/tokens/${id}` };
}

async function scopePath(here: Surroundings) {
  const { path, name } = await tokenPath(here);
  const answer = await fetch(`${here.url}/containerregistries${path}`, {
    headers: { authorization: basic(OWNER) },
  });
  const { properties } = (await answer.json()) as { properties: { scopes: { id: string }[] } };
  return { path: `${path}/scopes/${properties.scopes[0]?.id}`, name };
}

async function user({ url }: Surroundings) {
  const name = `${fresh("somebody")}@people.test`;
  const body = { properties: { email: name, role: "reader" } };
  const answer = await manage(url, "POST", "/users", body);
  return { name, id: ((await answer.json()) as { id: string }).id };
}

const CASES: Readonly<Record<string, MakeCase>> = {
  "POST /users": async () => {
    const name = `${fresh("somebody")}@people.test`;
    const body = { properties: { email: name, role: "reader" } };
    return { path: "/users", body, action: "user.create", type: "user", name };
  },
  "PATCH /users/:userId": async (here) => {
    const { id, name } = await user(here);
    const body = { role: "admin", password: "another password for tests" };
    const changes = ["role", "password"];
    return { path: `/users/${id}`, body, action: "user.change", type: "user", name, changes };
  },
  "DELETE /users/:userId": async (here) => {
    const { id, name } = await user(here);
    return { path: `/users/${id}`, action: "user.delete", type: "user", name };
  },
  "POST /registries": async () => {
    const name = fresh("made");
    const body = { properties: { ...REGISTRY, name } };
    const isRegistryNew = true;
    return {
      path: "/registries",
      body,
      action: "registry.create",
      type: "registry",
      name,
      isRegistryNew,
    };
  },
  "PUT /registries/:registryId": async () => {
    const name = fresh("put");
    const body = { properties: { ...REGISTRY, name } };
    const path = `/registries/${randomUUID()}`;
    return { path, body, action: "registry.create", type: "registry", name, isRegistryNew: true };
  },
  "PATCH /registries/:registryId": async ({ registry }) => ({
    path: `/registries/${registry.id}`,
    body: { visibility: "public", deletionProtection: false, apiSubnetAllowList: ["127.0.0.1"] },
    action: "registry.change",
    type: "registry",
    name: registry.name,
    changes: ["visibility", "apiSubnetAllowList"],
  }),
  "DELETE /registries/:registryId": async ({ url }) => {
    const { id, name } = await makeRegistry(url, fresh("gone"));
    const path = `/registries/${id}`;
    return { path, action: "registry.delete", type: "registry", name, isRegistryNew: true };
  },
  "POST /registries/:registryId/garbage-collections": async ({ registry }) => ({
    path: `/registries/${registry.id}/garbage-collections`,
    body: { dryRun: true },
    action: "garbage-collection.start",
    type: "garbage-collection",
    name: "dry run",
  }),
  "POST /registries/:registryId/tokens": async ({ registry }) => {
    const name = fresh("posted");
    const path = `/registries/${registry.id}/tokens`;
    return { path, body: { properties: { name } }, action: "token.create", type: "token", name };
  },
  "PUT /registries/:registryId/tokens/:tokenId": async (here) => {
    const { path, name } = await tokenPath(here);
    const body = { properties: { name, description: "other", scopes: [EVERYTHING] } };
    return { path, body, action: "token.change", type: "token", name, changes: ["description"] };
  },
  "PATCH /registries/:registryId/tokens/:tokenId": async (here) => {
    const { path, name } = await tokenPath(here);
    const changes = ["status", "expiryDate", "scopes"];
    const body = {
      status: "disabled",
      expiryDate: "2099-01-01T00:00:00Z",
      scopes: [],
      oneTime: false,
    };
    return { path, body, action: "token.change", type: "token", name, changes };
  },
  "DELETE /registries/:registryId/tokens/:tokenId": async (here) => {
    const { path, name } = await tokenPath(here);
    return { path, action: "token.delete", type: "token", name };
  },
  "POST /registries/:registryId/tokens/:tokenId/rotate": async (here) => {
    const { path, name } = await tokenPath(here);
    const changes = ["credentials"];
    return { path: `${path}/rotate`, action: "token.rotate", type: "token", name, changes };
  },
  "POST /registries/:registryId/tokens/:tokenId/scopes": async (here) => {
    const { path, name } = await tokenPath(here);
    return {
      path: `${path}/scopes`,
      body: { properties: SCOPE },
      action: "scope.add",
      type: "scope",
      name: `repository team/* of token ${name}`,
    };
  },
  "PUT /registries/:registryId/tokens/:tokenId/scopes/:scopeId": async (here) => {
    const { path, name } = await scopePath(here);
    return {
      path,
      body: { properties: SCOPE },
      action: "scope.change",
      type: "scope",
      name: `repository team/* of token ${name}`,
      changes: ["name", "actions"],
    };
  },
  "DELETE /registries/:registryId/tokens/:tokenId/scopes/:scopeId": async (here) => {
    const { path, name } = await scopePath(here);
    return { path, action: "scope.remove", type: "scope", name: `repository * of token ${name}` };
  },
  "DELETE /registries/:registryId/repositories/:repository": async ({ local, registry }) => {
    const name = fresh("team/app");
    await local.client.pushImage(name, "one");
    const path = `/registries/${registry.id}/repositories/${encodeURIComponent(name)}`;
    return { path, action: "content.delete", type: "repository", name };
  },
  "DELETE /registries/:registryId/repositories/:repository/artifacts/:digest": async (here) => {
    const name = fresh("team/app");
    const { digest } = await here.local.client.pushImage(name, "one");
    const repository = `/registries/${here.registry.id}/repositories/${encodeURIComponent(name)}`;
    const path = `${repository}/artifacts/${digest}`;
    return { path, action: "content.delete", type: "manifest", name: `${name}@${digest}` };
  },
};

describe("the audit log of what the management API changes", () => {
  let here: Surroundings;
  before(async () => {
    const adapt = (context: LocalRegistry["context"]) =>
      withPeople(context, { reader: { role: "reader" } });
    const local = await LocalRegistry.start({ adapt });
    here = { url: local.url, registry: local.registry, local };
  });
  after(() => here.local.close());

  function call(route: string, { path, body }: Case, credentials = OWNER): Promise<Response> {
    return fetch(`${here.url}/containerregistries${path}`, {
      method: route.split(" ")[0] ?? "",
      headers: {
        authorization: basic(credentials),
        "user-agent": AGENT,
        ...(body !== undefined && { "content-type": "application/json" }),
      },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
  }

  it("has a case for every route that changes something", () => {
    const routes = Object.keys(MANAGEMENT_ROUTES).filter((route) => !/^(?:GET|HEAD) /.test(route));
    // What a reader may do, too: own-password.test.ts has its events.
    const others = routes.filter((route) => route !== "PUT /users/me/password");
    assert.deepEqual(Object.keys(CASES).sort(), others.sort());
  });

  for (const [route, makeCase] of Object.entries(CASES)) {
    it(`has one event of ${route}`, async () => {
      const expected = await makeCase(here);
      const before = await auditEvents(here.url);
      const answer = await call(route, expected);
      assert.ok(answer.ok, await answer.clone().text());
      const events = (await auditEvents(here.url)).slice(0, -before.length || undefined);
      assert.equal(events.length, 1, JSON.stringify(events));
      const [event] = events;
      assert.ok(event !== undefined);
      assert.deepEqual(
        [event.action, event.outcome, event.reason, event.count],
        [expected.action, "succeeded", null, 1],
      );
      assert.deepEqual([event.actor.kind, event.actor.name], ["user", OWNER.username]);
      assert.deepEqual(
        [event.resource?.type, event.resource?.name],
        [expected.type, expected.name],
      );
      assert.deepEqual(event.changes, expected.changes ?? []);
      if (expected.type === "user") {
        assert.deepEqual([event.registryId, event.registryName], [null, null]);
      } else if (expected.isRegistryNew === true) {
        assert.deepEqual(
          [event.registryId, event.registryName],
          [event.resource?.id, expected.name],
        );
      } else {
        assert.deepEqual(
          [event.registryId, event.registryName],
          [here.registry.id, here.registry.name],
        );
      }
      assert.deepEqual([event.origin?.address, event.origin?.userAgent], ["127.0.0.1", AGENT]);
    });

    it(`has the refusal of ${route} to a reader`, async () => {
      const expected = await makeCase(here);
      const { refusals } = here.local.context;
      await refusals.flush();
      const before = await auditEvents(here.url);
      assert.equal((await call(route, expected, person("reader"))).status, 403);
      await refusals.flush();
      const events = (await auditEvents(here.url)).slice(0, -before.length);
      assert.deepEqual(
        events.map(({ action, outcome, actor, reason }) => [action, outcome, actor.name, reason]),
        [["access.refuse", "refused", person("reader").username, "access-denied"]],
      );
      const isNamed = expected.path.includes(here.registry.id);
      assert.equal(events[0]?.registryName, isNamed ? here.registry.name : registryIn(expected));
    });
  }
});

/** A refusal names the registry that the request named, if there is one. */
function registryIn({ action, name }: Case): string | null {
  return action === "registry.delete" ? (name ?? null) : null;
}
