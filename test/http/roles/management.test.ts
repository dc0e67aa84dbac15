import assert from "node:assert/strict";
import {
  type InhabitedOrganization,
  inhabit,
  noThings,
} from "../../support/inhabited-organization.ts";
import { LocalRegistry } from "../../support/local-registry.ts";
import { basic, type Credentials, makeToken, makeUser } from "../../support/management.ts";
import {
  MANAGEMENT_ROUTES,
  type ManagementRoute,
  parametersOf,
  pathTo,
} from "../../support/management-routes.ts";
import { MANAGEMENT_PREFIX, managementRoutes } from "../../support/served-routes.ts";

/** The table of `design/architecture.md`, "Who may do what". A token and nobody may do nothing here. */
const ROLES: Readonly<Record<string, readonly ManagementRoute["needs"][]>> = {
  reader: ["browse"],
  developer: ["browse", "manage-registries", "delete-content"],
  admin: ["browse", "manage-registries", "delete-content", "manage-people"],
  owner: ["browse", "manage-registries", "delete-content", "manage-people"],
};

describe("over the management API", () => {
  let local: LocalRegistry;
  let organization: InhabitedOrganization;
  let routes: readonly string[];
  let calls = 0;
  const people: Record<string, Credentials> = {};
  before(async () => {
    local = await LocalRegistry.start();
    organization = await inhabit(local, "place");
    const { owner } = organization;
    for (const role of Object.keys(ROLES)) {
      people[role] = await makeUser(local.url, `${role}@place.example`, role, owner);
    }
    routes = await managementRoutes(local.context);
    assert.ok(routes.length > 30);
  });
  after(() => local.close());

  async function call(
    route: string,
    prefix: string,
    who?: Credentials,
    things = organization.things,
  ) {
    const method = route.split(" ")[0] ?? "";
    const body = MANAGEMENT_ROUTES[route]?.body?.(`word-${calls++}`);
    const answer = await fetch(`${local.url}${prefix}${pathTo(route, things)}`, {
      method,
      headers: {
        ...(who !== undefined && { authorization: basic(who) }),
        ...(body !== undefined && { "content-type": "application/json" }),
      },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
    return { status: answer.status, text: await answer.text() };
  }

  /** Every route by both ways that it is served. */
  function* everything(): Generator<readonly [string, ManagementRoute, string]> {
    for (const route of routes) {
      const row = MANAGEMENT_ROUTES[route] ?? assert.fail(`${route} has no row`);
      for (const prefix of [MANAGEMENT_PREFIX, ""]) {
        yield [route, row, prefix];
      }
    }
  }

  it("nobody without credentials may do anything", async () => {
    for (const [route, , prefix] of everything()) {
      const { status, text } = await call(route, prefix);
      assert.equal(status, 401, `${prefix} ${route}: ${text}`);
    }
  });

  it("a token may do nothing, even one that may do everything in its registry", async () => {
    const scopes = [
      { type: "repository", name: "*", actions: ["*"] },
      { type: "registry", name: "catalog", actions: ["*"] },
    ];
    const tokens = [local.token, await makeToken(local.url, local.registry, "all", scopes)];
    for (const who of [...tokens, organization.client.options.credentials]) {
      for (const [route, , prefix] of everything()) {
        const { status, text } = await call(route, prefix, who);
        assert.equal(status, 403, `${prefix} ${route}: ${text}`);
      }
    }
  });

  for (const [role, rights] of Object.entries(ROLES)) {
    it(`${role}s may do what the table says, and nothing else`, async () => {
      for (const [route, row, prefix] of everything()) {
        const where = `${prefix} ${route}`;
        const isAllowed = rights.includes(row.needs);
        const { things } = organization;
        if (!isAllowed) {
          const { status, text } = await call(route, prefix, people[role]);
          assert.equal(status, 403, `${where}: ${text}`);
          assert.ok(text === "" || text.includes("access-denied"), text);
          continue;
        }
        const isRemoval = route.startsWith("DELETE ");
        // What is removed must not be missing afterwards, and what is made must not be there before.
        const last = isRemoval ? parametersOf(route).at(-1) : row.createsUnderId;
        const named = last === undefined ? things : { ...things, [last]: noThings()[last] };
        const { status, text } = await call(route, prefix, people[role], named);
        assert.equal(status, isRemoval ? 404 : row.answers, `${where}: ${text}`);
      }
    });
  }

  it("whoever may remove something removes it", async () => {
    const removals = routes.filter((route) => route.startsWith("DELETE "));
    // From the innermost thing outwards.
    const inwards = [...removals].sort((one, other) => other.length - one.length);
    for (const route of inwards) {
      const { status, text } = await call(route, "", people["owner"]);
      assert.equal(status, MANAGEMENT_ROUTES[route]?.answers, `${route}: ${text}`);
    }
  });
});
