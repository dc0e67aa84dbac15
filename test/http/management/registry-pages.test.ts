import assert from "node:assert/strict";
import { locationsResponse } from "@moorage/core/contract/location";
import { registriesResponse } from "@moorage/core/contract/registry";
import { makeRegistry, manage } from "../../support/management.ts";
import { answered, refused } from "../../support/management-answer.ts";
import { RunningServer } from "../../support/running-server.ts";

const NAMES = ["alpha-1", "alpha-2", "beta-1", "beta-2", "gamma-alpha"];

describe("pages of registries", () => {
  let server: RunningServer;
  before(async () => {
    server = await RunningServer.start({ MOORAGE_LOCATIONS: "de/fra,de/txl" });
    await Promise.all(NAMES.map((name) => makeRegistry(server.url, name)));
  });
  after(() => server.stop());

  const list = async (query: string) =>
    answered(await manage(server.url, "GET", `/registries${query}`), 200, registriesResponse);
  const namesOf = (page: Awaited<ReturnType<typeof list>>) =>
    (page.items ?? []).map(({ properties }) => properties.name);

  it("hold everything on one page of a hundred by default", async () => {
    const page = await list("");
    assert.deepEqual(namesOf(page), NAMES);
    assert.equal(page.id, "registries");
    assert.equal(page.type, "collection");
    assert.deepEqual(page.pagination, { limit: 100, token: "" });
    assert.equal(page._links.next, "");
    assert.equal(page._links.previous, "");
  });

  it("lead from one to the next by token and by link, until all were seen", async () => {
    const seen: string[] = [];
    let query = "?limit=2";
    for (let pages = 1; query !== ""; pages++) {
      const page = await list(query);
      seen.push(...namesOf(page));
      const { token } = page.pagination;
      assert.equal(page.pagination.limit, 2);
      assert.equal(token === "", pages === 3);
      assert.equal(page._links.next.includes(encodeURIComponent(token)), true);
      query = page._links.next === "" ? "" : new URL(page._links.next).search;
    }
    assert.deepEqual(seen, NAMES);
  });

  it("filter by a part of the name, whatever its case", async () => {
    assert.deepEqual(namesOf(await list("?filter.name=ALPHA")), [
      "alpha-1",
      "alpha-2",
      "gamma-alpha",
    ]);
    assert.deepEqual(namesOf(await list("?filter.name=%25")), []);
    const page = await list("?filter.name=alpha&limit=1");
    assert.deepEqual(namesOf(await list(new URL(page._links.next).search)), ["alpha-2"]);
  });

  it("pass over parameters that they do not know", async () => {
    const page = await list("?maxResults=1&depth=9&pretty=true&filter.location=x&order-by=name");
    assert.deepEqual(namesOf(page), NAMES);
  });

  it("refuse a limit that is no number or out of range", async () => {
    for (const limit of ["0", "1001", "-1", "1.5", "ten", "1e2", "", "%20", "1&limit=2"]) {
      const answer = await manage(server.url, "GET", `/registries?limit=${limit}`);
      assert.deepEqual(await refused(answer, 400), ["invalid-limit"], limit);
    }
  });

  it("refuse a filter that is too long, or no text", async () => {
    for (const filter of ["a".repeat(257), "%00", "a&filter.name=b"]) {
      const answer = await manage(server.url, "GET", `/registries?filter.name=${filter}`);
      assert.deepEqual(await refused(answer, 400), ["invalid-filter-name"], filter);
    }
  });

  it("refuse a page token that they did not give", async () => {
    const { token } = (await list("?limit=2")).pagination;
    for (const forged of [
      "alpha-1",
      "x",
      `beta-1${token.slice(token.indexOf("."))}`,
      `${token}x`,
    ]) {
      const query = `?pagination.token=${encodeURIComponent(forged)}`;
      const answer = await manage(server.url, "GET", `/registries${query}`);
      assert.deepEqual(await refused(answer, 400), ["page-invalid"], forged);
    }
  });

  it("come beside the list of locations", async () => {
    const answer = await manage(server.url, "GET", "/locations");
    const locations = await answered(answer, 200, locationsResponse);
    assert.deepEqual(locations.items, [{ id: "de/fra" }, { id: "de/txl" }]);
  });
});
