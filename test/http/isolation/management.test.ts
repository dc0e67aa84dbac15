import assert from "node:assert/strict";
import {
  type InhabitedOrganization,
  inhabit,
  noThings,
} from "../../support/inhabited-organization.ts";
import { LocalRegistry } from "../../support/local-registry.ts";
import { manage } from "../../support/management.ts";
import { refused } from "../../support/management-answer.ts";
import {
  MANAGEMENT_ROUTES,
  parametersOf,
  pathTo,
  type Things,
} from "../../support/management-routes.ts";
import { managementRoutes } from "../../support/served-routes.ts";

/** What a route's parameter says is not an organization's: names are unique over all of them, and vulnerabilities are the world's. */
const NOBODYS = new Set<keyof Things>(["*", "vulnerabilityId"]);

describe("what belongs to another organization is, on the management API,", () => {
  let local: LocalRegistry;
  let theirs: InhabitedOrganization;
  let ours: InhabitedOrganization;
  let routes: readonly string[];
  let calls = 0;
  before(async () => {
    local = await LocalRegistry.start();
    theirs = await inhabit(local, "theirs");
    ours = await inhabit(local, "ours");
    routes = await managementRoutes(local.context);
  });
  after(() => local.close());

  async function call(route: string, things: Things) {
    const method = route.split(" ")[0] ?? "";
    const body = MANAGEMENT_ROUTES[route]?.body?.(`word-${calls++}`);
    const answer = await manage(local.url, method, pathTo(route, things), body, ours.owner);
    const { date: _, ...headers } = Object.fromEntries(answer.headers);
    let text = await answer.text();
    // Both requests get back what they sent; the rest has to be the same.
    for (const [name, thing] of Object.entries(things)) {
      if (!NOBODYS.has(name as keyof Things)) {
        text = text
          .replaceAll(thing, `<${name}>`)
          .replaceAll(encodeURIComponent(thing), `<${name}>`);
      }
    }
    return { status: answer.status, headers, text: text.replaceAll(/word-\d+/g, "<word>") };
  }

  /** Ours up to some parameter, and from there on theirs, or nobody's: what is theirs is asked for at every place of the path. */
  function* mixtures(route: string, foreign: Things): Generator<Things> {
    const parameters = parametersOf(route).filter((name) => !NOBODYS.has(name));
    for (const start of parameters.keys()) {
      const own = Object.fromEntries(
        parameters.slice(0, start).map((name) => [name, ours.things[name]]),
      );
      yield { ...foreign, ...own };
    }
  }

  it("what does not exist, wherever a route names it", async () => {
    let asked = 0;
    for (const route of routes) {
      const nothing = [...mixtures(route, noThings())];
      for (const [index, things] of [...mixtures(route, theirs.things)].entries()) {
        const creates = MANAGEMENT_ROUTES[route]?.createsUnderId;
        if (creates !== undefined && parametersOf(route)[index] === creates) {
          continue;
        }
        const known = await call(route, things);
        const unknown = await call(route, nothing[index] ?? assert.fail());
        assert.equal(known.status, 404, `${route}: ${known.text}`);
        // The length follows from the text, in which the things themselves have been replaced.
        delete known.headers["content-length"];
        delete unknown.headers["content-length"];
        assert.deepEqual(known, unknown, route);
        asked++;
      }
    }
    assert.ok(asked > 40, `${asked} comparisons are too few to mean anything`);
  });

  it("no id to create something under", async () => {
    const chosen = routes.filter((route) => MANAGEMENT_ROUTES[route]?.createsUnderId !== undefined);
    assert.ok(chosen.length > 0);
    for (const route of chosen) {
      const name = MANAGEMENT_ROUTES[route]?.createsUnderId ?? assert.fail();
      const foreign = { ...ours.things, [name]: theirs.things[name] };
      const { status, text } = await call(route, foreign);
      assert.ok(status === 400 || status === 409, `${route}: ${status} ${text}`);
      assert.match(text, /-name-taken/);
    }
  });

  it("in no list, count or other answer", async () => {
    const plain = ["GET /registries", "GET /users", "GET /organization"];
    assert.ok(plain.every((route) => routes.includes(route)));
    for (const route of routes) {
      const method = route.split(" ")[0] ?? "";
      if (method !== "GET") {
        continue;
      }
      const path = pathTo(route, ours.things);
      const queries = path.includes("?") ? [""] : ["", "?limit=1000", "?filter.name=theirs"];
      for (const query of queries) {
        const answer = await manage(local.url, method, path + query, undefined, ours.owner);
        const text = await answer.text();
        assert.equal(answer.status, MANAGEMENT_ROUTES[route]?.answers, `${route}: ${text}`);
        const said = text.replaceAll("filter.name=theirs", "");
        for (const mark of theirs.marks) {
          assert.ok(!said.includes(mark), `${route}${query} tells of ${mark}: ${text}`);
        }
      }
    }
  });

  it("as it was, after all of these requests", async () => {
    const { registryId, repository, digest, tokenId, scopeId } = theirs.things;
    const registry = `/registries/${registryId}`;
    for (const path of [
      `${registry}/repositories/${encodeURIComponent(repository)}/artifacts/${digest}`,
      `${registry}/tokens/${tokenId}/scopes/${scopeId}`,
      `/users/${theirs.things.userId}`,
    ]) {
      const answer = await manage(local.url, "GET", path, undefined, theirs.owner);
      const text = await answer.text();
      assert.equal(answer.status, 200, text);
      assert.ok(!text.includes("lastModifiedBy"), text);
    }
  });

  it("an address or a name that is taken, and nothing more is said", async () => {
    const address = { properties: { email: theirs.owner.username, role: "reader" } };
    const email = await manage(local.url, "POST", "/users", address, ours.owner);
    const text = await email.clone().text();
    assert.deepEqual(await refused(email, 409), ["user-email-taken"]);
    const own = new Set(theirs.marks);
    own.delete(theirs.owner.username);
    const said = text.replaceAll(theirs.owner.username, "");
    for (const mark of own) {
      assert.ok(!said.includes(mark), text);
    }
    const name = { properties: { name: theirs.things["*"], location: "de/fra" } };
    const taken = await manage(local.url, "POST", "/registries", name, ours.owner);
    assert.deepEqual(await refused(taken, 400), ["registry-name-taken"]);
  });

  it("not reached by a page token of theirs, or by their contract number", async () => {
    await manage(
      local.url,
      "POST",
      "/registries",
      {
        properties: { name: "theirs-2", location: "de/fra" },
      },
      theirs.owner,
    );
    for (const list of ["/registries", "/users"]) {
      const page = await manage(local.url, "GET", `${list}?limit=1`, undefined, theirs.owner);
      const { pagination } = (await page.json()) as { pagination: { token: string } };
      assert.notEqual(pagination.token, "");
      const path = `${list}?pagination.token=${encodeURIComponent(pagination.token)}`;
      const answer = await manage(local.url, "GET", path, undefined, ours.owner);
      assert.deepEqual(await refused(answer, 400), ["page-invalid"]);
    }
    const numbered = await manage(local.url, "GET", "/organization", undefined, ours.owner, {
      "x-contract-number": "2",
    });
    assert.match(await numbered.text(), /"contractNumber":3/);
  });
});
