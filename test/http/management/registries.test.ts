import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { registry } from "@moorage/core/contract/registry";
import { manage } from "../../support/management.ts";
import { answered, empty, refused } from "../../support/management-answer.ts";
import { RunningServer } from "../../support/running-server.ts";

describe("registries over the management API", () => {
  let server: RunningServer;
  let names = 0;
  before(async () => {
    server = await RunningServer.start();
  });
  after(() => server.stop());

  const call = (method: string, path: string, body?: unknown) =>
    manage(server.url, method, path, body);
  const draft = (more: object = {}) => ({
    name: `registry-${++names}`,
    location: "de/fra",
    ...more,
  });
  const create = async (more: object = {}) =>
    answered(await call("POST", "/registries", { properties: draft(more) }), 201, registry);
  const get = async (id: string) => answered(await call("GET", `/registries/${id}`), 200, registry);

  it("creates one that is New in the answer and Running from then on", async () => {
    const response = await call("POST", "/registries", { properties: draft() });
    const location = response.headers.get("location");
    const made = await answered(response, 201, registry);
    assert.equal(location, `${server.url}/containerregistries/registries/${made.id}`);
    assert.equal(made.href, location);
    assert.equal(made.type, "registry");
    assert.equal(made.metadata.state, "New");
    assert.equal((await get(made.id)).metadata.state, "Running");
  });

  it("fills in the contract's defaults", async () => {
    const { name, ...properties } = (await create()).properties;
    assert.deepEqual(properties, {
      location: "de/fra",
      hostname: `${name}.cr.de-fra.localhost`,
      endpoint: `${server.host}/${name}`,
      visibility: "private",
      deletionProtection: false,
      garbageCollectionSchedule: null,
      garbageCollection: null,
      storageUsage: { bytes: 0 },
      features: { vulnerabilityScanning: { enabled: true } },
      apiSubnetAllowList: [],
    });
  });

  it("says who made it, and who changed it last, in UTC", async () => {
    const { id, metadata } = await create();
    assert.equal(metadata.createdBy, "owner@moorage.example");
    assert.match(metadata.createdDate, /Z$/);
    assert.equal(metadata.lastModifiedDate, undefined);
    await answered(await call("PATCH", `/registries/${id}`, {}), 200, registry);
    const changed = (await get(id)).metadata;
    assert.equal(changed.lastModifiedBy, "owner@moorage.example");
    assert.equal(changed.lastModifiedByUserId, metadata.createdByUserId);
    assert.match(changed.lastModifiedDate ?? "", /Z$/);
    assert.equal(changed.createdDate, metadata.createdDate);
  });

  it("echoes schedules and allow-lists as they were sent", async () => {
    for (const time of ["05:19:00+00:00", "16:00:00Z", "01:00:00"]) {
      const garbageCollectionSchedule = { days: ["Sunday", "Monday"], time };
      const apiSubnetAllowList = ["192.0.2.7", "2001:DB8::/32", "10.0.0.0/8"];
      const { id } = await create({ garbageCollectionSchedule, apiSubnetAllowList });
      const { properties } = await get(id);
      assert.deepEqual(properties.garbageCollectionSchedule, garbageCollectionSchedule);
      assert.deepEqual(properties.apiSubnetAllowList, apiSubnetAllowList);
    }
  });

  it("takes a schedule without days for none", async () => {
    const time = "01:23:00+00:00";
    for (const garbageCollectionSchedule of [null, { days: null, time }, { days: [], time }]) {
      const { id } = await create({ garbageCollectionSchedule: { days: ["Friday"], time } });
      const changed = await call("PATCH", `/registries/${id}`, { garbageCollectionSchedule });
      const { properties } = await answered(changed, 200, registry);
      assert.equal(properties.garbageCollectionSchedule, null);
    }
  });

  it("changes by PATCH only what is named", async () => {
    const { id, properties } = await create({
      apiSubnetAllowList: ["192.0.2.0/24"],
      features: { vulnerabilityScanning: { enabled: false } },
    });
    const changes = [
      { garbageCollectionSchedule: { days: ["Monday", "Friday"], time: "01:00:00Z" } },
      { apiSubnetAllowList: [] },
      { visibility: "public" },
      { deletionProtection: true },
      { features: { vulnerabilityScanning: { enabled: false } } },
      { features: { vulnerabilityScanning: { enabled: true } } },
    ];
    const { garbageCollection: _, ...before } = properties;
    let expected: object = before;
    for (const change of changes) {
      expected = { ...expected, ...change };
      const changed = await call("PATCH", `/registries/${id}`, change);
      const { garbageCollection, ...others } = (await answered(changed, 200, registry)).properties;
      assert.deepEqual(others, expected);
      // It follows from the schedule.
      assert.match(garbageCollection?.nextRunAt ?? "", /T01:00:00/);
      assert.deepEqual((await get(id)).properties, { ...others, garbageCollection });
    }
  });

  it("never switches scanning off again", async () => {
    const { id, properties } = await create();
    const off = { features: { vulnerabilityScanning: { enabled: false } } };
    const { name, location } = properties;
    const patched = await call("PATCH", `/registries/${id}`, { ...off, visibility: "public" });
    assert.deepEqual(await refused(patched, 400), ["scanning-cannot-be-disabled"]);
    const put = await call("PUT", `/registries/${id}`, { properties: { name, location, ...off } });
    assert.deepEqual(await refused(put, 400), ["scanning-cannot-be-disabled"]);
    assert.deepEqual((await get(id)).properties, properties);
  });

  it("creates by PUT under an id of the client's choice, and replaces by PUT", async () => {
    const id = randomUUID();
    const wanted = draft({ visibility: "public", apiSubnetAllowList: ["192.0.2.1"] });
    const response = await call("PUT", `/registries/${id}`, { properties: wanted });
    assert.equal(
      response.headers.get("location"),
      `${server.url}/containerregistries/registries/${id}`,
    );
    const made = await answered(response, 201, registry);
    assert.equal(made.id, id);
    assert.equal(made.metadata.state, "New");

    const { name, location } = wanted;
    const replaced = await call("PUT", `/registries/${id}`, { properties: { name, location } });
    assert.match(replaced.headers.get("location") ?? "", new RegExp(`${id}$`));
    const { properties, metadata } = await answered(replaced, 201, registry);
    assert.equal(metadata.state, "Running");
    assert.equal(properties.visibility, "private");
    assert.deepEqual(properties.apiSubnetAllowList, []);
  });

  it("refuses to change name or location by PUT", async () => {
    const { id, properties } = await create();
    const { name, location } = properties;
    for (const properties of [
      { name: `${name}-new`, location },
      { name, location: "de/txl" },
    ]) {
      const put = await call("PUT", `/registries/${id}`, { properties });
      assert.deepEqual(await refused(put, 400), ["registry-immutable"]);
    }
    assert.deepEqual((await get(id)).properties, properties);
  });

  it("refuses a name that is taken and a location that is none", async () => {
    const { properties } = await create();
    const { name } = properties;
    const again = await call("POST", "/registries", { properties: draft({ name }) });
    assert.deepEqual(await refused(again, 400), ["registry-name-taken"]);
    const put = await call("PUT", `/registries/${randomUUID()}`, { properties: draft({ name }) });
    assert.deepEqual(await refused(put, 400), ["registry-name-taken"]);
    const elsewhere = draft({ location: "us/las" });
    const there = await call("POST", "/registries", { properties: elsewhere });
    assert.deepEqual(await refused(there, 400), ["location-unknown"]);
    await empty(await call("HEAD", `/names/${elsewhere.name}`), 404);
  });

  it("deletes for good and frees id and name", async () => {
    const { id, properties } = await create();
    const { name, location } = properties;
    await empty(await call("DELETE", `/registries/${id}`), 204);
    for (const [method, path, body] of [
      ["GET", "", undefined],
      ["PATCH", "", {}],
      ["DELETE", "", undefined],
      ["GET", "/tokens", undefined],
      ["POST", "/tokens", { properties: { name: "ci" } }],
    ] as const) {
      const gone = await call(method, `/registries/${id}${path}`, body);
      assert.deepEqual(await refused(gone, 404), ["registry-unknown"]);
    }
    const again = await call("PUT", `/registries/${id}`, { properties: { name, location } });
    assert.equal((await answered(again, 201, registry)).id, id);
  });

  it("refuses to delete one that is protected", async () => {
    const { id } = await create({ deletionProtection: true });
    const refusal = await call("DELETE", `/registries/${id}`);
    assert.deepEqual(await refused(refusal, 409), ["registry-protected"]);
    await answered(
      await call("PATCH", `/registries/${id}`, { deletionProtection: false }),
      200,
      registry,
    );
    await empty(await call("DELETE", `/registries/${id}`), 204);
  });

  it("answers whether a name is valid, and taken", async () => {
    const { properties } = await create();
    await empty(await call("HEAD", `/names/${properties.name}`), 200);
    await empty(await call("HEAD", "/names/a-name-that-is-free"), 404);
    const invalid = ["ab", "Shop", "1shop", "shop-", "sh_op", "s%2Fhop", "a".repeat(64)];
    for (const name of [...invalid, "a".repeat(500)]) {
      await empty(await call("HEAD", `/names/${name}`), 400);
    }
  });
});
