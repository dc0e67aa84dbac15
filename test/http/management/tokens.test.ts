import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { token, tokensResponse } from "@moorage/core/contract/token";
import { makeRegistry, manage } from "../../support/management.ts";
import { answered, empty, refused } from "../../support/management-answer.ts";
import { RunningServer } from "../../support/running-server.ts";

const HOUR_MILLISECONDS = 3_600_000;
/** An expiry as clients write it, whole seconds. */
const hoursAhead = (hours: number) =>
  new Date(Math.ceil(Date.now() / 1000) * 1000 + hours * HOUR_MILLISECONDS)
    .toISOString()
    .replace(".000Z", "Z");

describe("tokens over the management API", () => {
  let server: RunningServer;
  let tokens: string;
  let names = 0;
  before(async () => {
    server = await RunningServer.start();
    const { id } = await makeRegistry(server.url, "shop");
    tokens = `/registries/${id}/tokens`;
  });
  after(() => server.stop());

  const call = (method: string, path: string, body?: unknown) =>
    manage(server.url, method, path, body);
  const create = async (more: object = {}) => {
    const properties = { name: `token-${++names}`, ...more };
    return answered(await call("POST", tokens, { properties }), 201, token);
  };
  const get = async (id: string) => answered(await call("GET", `${tokens}/${id}`), 200, token);

  it("shows the password in the answer that creates one, and never again", async () => {
    const scopes = [{ type: "repository", name: "shop/*", actions: ["pull", "push"] }];
    const expiryDate = hoursAhead(2);
    const properties = { name: "ci", expiryDate, status: "enabled", scopes };
    const response = await call("POST", tokens, { properties });
    const location = response.headers.get("location");
    const made = await answered(response, 201, token);
    assert.equal(location, `${server.url}/containerregistries${tokens}/${made.id}`);
    assert.equal(made.href, location);
    assert.equal(made.properties.credentials.username, "ci");
    assert.ok(made.properties.credentials.password.length >= 43);
    assert.equal(made.properties.expiryDate, expiryDate);
    assert.deepEqual(
      made.properties.scopes?.map(({ id: _id, ...scope }) => scope),
      scopes,
    );

    const hidden = { username: "ci", password: "" };
    const shown = { ...made.properties, credentials: hidden };
    assert.deepEqual((await get(made.id)).properties, shown);
    const changed = await call("PATCH", `${tokens}/${made.id}`, { description: "" });
    assert.deepEqual((await answered(changed, 200, token)).properties.credentials, hidden);
    const replaced = await call("PUT", `${tokens}/${made.id}`, { properties });
    assert.deepEqual((await answered(replaced, 201, token)).properties.credentials, hidden);
    const page = await answered(await call("GET", tokens), 200, tokensResponse);
    assert.ok(page.items?.every(({ properties }) => properties.credentials.password === ""));
  });

  it("fills in the contract's defaults", async () => {
    const { properties, metadata } = await create();
    const { name: _name, credentials: _credentials, ...rest } = properties;
    assert.deepEqual(rest, {
      description: "",
      status: "enabled",
      expiryDate: null,
      scopes: [],
      oneTime: false,
      lastUsedAt: null,
    });
    assert.equal(metadata.state, "enabled");
    assert.equal(metadata.createdBy, "owner@moorage.example");
  });

  it("changes by PATCH only what is named; null removes the expiry", async () => {
    const { id, properties } = await create({ expiryDate: hoursAhead(2) });
    let expected: object = { ...(await get(id)).properties };
    const soon = properties.expiryDate;
    for (const change of [
      { status: "disabled" },
      { description: "nightly" },
      { oneTime: true },
      { expiryDate: hoursAhead(3) },
      { expiryDate: null },
      {},
    ]) {
      expected = { ...expected, ...change };
      const answer = await call("PATCH", `${tokens}/${id}`, change);
      const changed = await answered(answer, 200, token);
      assert.deepEqual(changed.properties, expected);
      assert.deepEqual((await get(id)).properties, expected);
    }
    assert.equal((await get(id)).metadata.state, "disabled");
    assert.notEqual(soon, null);
  });

  it("replaces all scopes at once and keeps their order", async () => {
    const { id } = await create({
      scopes: [{ type: "repository", name: "*", actions: ["pull"] }],
    });
    const scopes = [
      { type: "registry", name: "catalog", actions: ["*"] },
      { type: "repository", name: "b/*", actions: ["write", "read"] },
      { type: "namespace", name: "a", actions: ["delete"] },
    ];
    const answer = await call("PATCH", `${tokens}/${id}`, { scopes });
    await answered(answer, 200, token);
    const echoed = (await get(id)).properties.scopes?.map(({ id: _id, ...scope }) => scope);
    assert.deepEqual(echoed, scopes);
    const none = await call("PATCH", `${tokens}/${id}`, { scopes: null });
    assert.deepEqual((await answered(none, 200, token)).properties.scopes, []);
  });

  it("creates by PUT, with a password, and resets by PUT what is left out", async () => {
    const id = randomUUID();
    const wanted = { name: "by-put", description: "first", expiryDate: hoursAhead(2) };
    const made = await call("PUT", `${tokens}/${id}`, { properties: wanted });
    assert.match(made.headers.get("location") ?? "", new RegExp(`${id}$`));
    const { properties } = await answered(made, 201, token);
    assert.notEqual(properties.credentials.password, "");
    const again = await call("PUT", `${tokens}/${id}`, { properties: { name: "by-put" } });
    const replaced = await answered(again, 201, token);
    assert.equal(replaced.properties.expiryDate, null);
    assert.equal(replaced.properties.description, "");
  });

  it("frees id and name at once on deletion", async () => {
    const { id, properties } = await create();
    const { name } = properties;
    await empty(await call("DELETE", `${tokens}/${id}`), 204);
    for (const [method, body] of [
      ["GET", undefined],
      ["PATCH", {}],
      ["DELETE", undefined],
    ] as const) {
      const gone = await call(method, `${tokens}/${id}`, body);
      assert.deepEqual(await refused(gone, 404), ["token-unknown"]);
    }
    const again = await call("PUT", `${tokens}/${id}`, { properties: { name } });
    assert.equal((await answered(again, 201, token)).id, id);
  });

  it("refuses a name that another token of the registry has, and no other", async () => {
    const { id, properties } = await create();
    const { name } = properties;
    const posted = await call("POST", tokens, { properties: { name } });
    assert.deepEqual(await refused(posted, 409), ["token-name-taken"]);
    const put = await call("PUT", `${tokens}/${randomUUID()}`, { properties: { name } });
    assert.deepEqual(await refused(put, 409), ["token-name-taken"]);
    const renamed = await call("PUT", `${tokens}/${id}`, { properties: { name: "renamed" } });
    assert.deepEqual(await refused(renamed, 400), ["token-immutable"]);
    const other = await makeRegistry(server.url, "other-shop");
    const there = await call("POST", `/registries/${other.id}/tokens`, { properties: { name } });
    await answered(there, 201, token);
    const borrowed = { properties: { name: "borrowed-id" } };
    const taken = await call("PUT", `/registries/${other.id}/tokens/${id}`, borrowed);
    assert.deepEqual(await refused(taken, 409), ["token-name-taken"]);
    const mixed = await call("GET", `/registries/${other.id}/tokens/${id}`);
    assert.deepEqual(await refused(mixed, 404), ["token-unknown"]);
  });

  it("refuses an expiry less than an hour ahead wherever the date is new", async () => {
    const near = new Date(Date.now() + HOUR_MILLISECONDS / 2).toISOString();
    const { id, properties } = await create({ expiryDate: hoursAhead(2) });
    const { name } = properties;
    for (const expiryDate of [near, "2020-01-01T00:00:00Z"]) {
      const posted = await call("POST", tokens, { properties: { name: "too-soon", expiryDate } });
      assert.deepEqual(await refused(posted, 400), ["expiry-too-soon"]);
      const put = await call("PUT", `${tokens}/${id}`, { properties: { name, expiryDate } });
      assert.deepEqual(await refused(put, 400), ["expiry-too-soon"]);
      const patched = await call("PATCH", `${tokens}/${id}`, { expiryDate, status: "disabled" });
      assert.deepEqual(await refused(patched, 400), ["expiry-too-soon"]);
    }
    const after = (await get(id)).properties;
    assert.equal(after.expiryDate, properties.expiryDate);
    assert.equal(after.status, "enabled");
  });

  it("pages by offset, counts and links", async () => {
    const { id } = await makeRegistry(server.url, "many-tokens");
    const path = `/registries/${id}/tokens`;
    const all = ["a1", "a2", "a3", "a4", "a5"];
    for (const name of all) {
      await answered(await call("POST", path, { properties: { name } }), 201, token);
    }
    const list = async (query: string) =>
      answered(await call("GET", `${path}${query}`), 200, tokensResponse);
    const whole = await list("?pretty=true");
    assert.deepEqual(
      whole.items?.map(({ properties }) => properties.name),
      all,
    );
    const { count, total, offset, limit, _links } = whole;
    assert.deepEqual(
      { count, total, offset, limit },
      { count: 5, total: 5, offset: 0, limit: 100 },
    );
    assert.deepEqual([_links.next, _links.previous], ["", ""]);

    const middle = await list("?offset=2&limit=2");
    assert.deepEqual(
      middle.items?.map(({ properties }) => properties.name),
      ["a3", "a4"],
    );
    assert.deepEqual([middle.count, middle.total, middle.offset, middle.limit], [2, 5, 2, 2]);
    const last = await list(new URL(middle._links.next).search);
    assert.deepEqual(
      last.items?.map(({ properties }) => properties.name),
      ["a5"],
    );
    assert.equal(last._links.next, "");
    const first = await list(new URL(middle._links.previous).search);
    assert.equal(first.items?.[0]?.properties.name, "a1");
    assert.deepEqual((await list("?offset=99")).items, []);
    for (const query of ["offset=-1", "offset=x", "limit=0", "limit=1001", "offset=1&offset=2"]) {
      const codes = await refused(await call("GET", `${path}?${query}`), 400);
      assert.deepEqual(codes, [`invalid-${query.split("=", 1)[0]}`], query);
    }
  });
});
