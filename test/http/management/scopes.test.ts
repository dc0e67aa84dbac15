import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { scopeResponse, scopesResponse } from "@moorage/core/contract/scope";
import { token } from "@moorage/core/contract/token";
import { makeRegistry, makeToken, manage } from "../../support/management.ts";
import { answered, empty, refused } from "../../support/management-answer.ts";
import { RunningServer } from "../../support/running-server.ts";

const draft = (name: string) => ({
  properties: { type: "repository", name, actions: ["pull", "push"] },
});

describe("single scopes of a token", () => {
  let server: RunningServer;
  let registry: { id: string; name: string };
  let names = 0;
  before(async () => {
    server = await RunningServer.start();
    registry = await makeRegistry(server.url, "shop");
  });
  after(() => server.stop());

  const call = (method: string, path: string, body?: unknown) =>
    manage(server.url, method, path, body);
  const makeEmptyToken = async () => {
    const { id } = await makeToken(server.url, registry, `token-${++names}`, []);
    return `/registries/${registry.id}/tokens/${id}`;
  };
  const add = async (path: string, name: string) =>
    answered(await call("POST", `${path}/scopes`, draft(name)), 201, scopeResponse);
  const list = async (path: string) => {
    const page = await answered(await call("GET", `${path}/scopes`), 200, scopesResponse);
    return page.items.map(({ properties }) => properties.name);
  };

  it("are added behind the others, read, replaced in their place, and removed", async () => {
    const path = await makeEmptyToken();
    const response = await call("POST", `${path}/scopes`, draft("a"));
    const location = response.headers.get("location");
    const a = await answered(response, 201, scopeResponse);
    assert.equal(location, `${server.url}/containerregistries${path}/scopes/${a.id}`);
    assert.equal(a.href, location);
    assert.deepEqual({ properties: a.properties }, draft("a"));
    await add(path, "b");

    const shown = await call("GET", `${path}/scopes/${a.id}`);
    assert.deepEqual(await answered(shown, 200, scopeResponse), a);
    const put = await call("PUT", `${path}/scopes/${a.id}`, draft("c"));
    assert.equal((await answered(put, 200, scopeResponse)).properties.name, "c");
    assert.deepEqual(await list(path), ["c", "b"]);
    const { properties } = await answered(await call("GET", path), 200, token);
    assert.equal(properties.scopes?.[0]?.id, a.id);

    await empty(await call("DELETE", `${path}/scopes/${a.id}`), 204);
    assert.deepEqual(await list(path), ["b"]);
    for (const [method, body] of [
      ["GET", undefined],
      ["PUT", draft("d")],
      ["DELETE", undefined],
    ] as const) {
      const gone = await call(method, `${path}/scopes/${a.id}`, body);
      assert.deepEqual(await refused(gone, 404), ["scope-unknown"]);
    }
  });

  it("all exist when twenty are added at once", async () => {
    const path = await makeEmptyToken();
    const wanted = Array.from({ length: 20 }, (_, index) => `team-${index}/*`);
    await Promise.all(wanted.map((name) => add(path, name)));
    assert.deepEqual((await list(path)).sort(), wanted.sort());
  });

  it("are not lost when others are removed and replaced at the same time", async () => {
    const path = await makeEmptyToken();
    const first = await Promise.all(["a", "b", "c", "d"].map((name) => add(path, name)));
    await Promise.all([
      ...first.slice(0, 2).map(async ({ id }) => {
        await empty(await call("DELETE", `${path}/scopes/${id}`), 204);
      }),
      ...first.slice(2).map(async ({ id }, index) => {
        const put = await call("PUT", `${path}/scopes/${id}`, draft(`new-${index}`));
        await answered(put, 200, scopeResponse);
      }),
      ...["e", "f"].map((name) => add(path, name)),
    ]);
    assert.deepEqual((await list(path)).sort(), ["e", "f", "new-0", "new-1"]);
  });

  it("are refused beyond as many as one request can carry", async () => {
    const scopes = Array.from({ length: 100 }, (_, index) => draft(`r${index}`).properties);
    const { id } = await makeToken(server.url, registry, "full", scopes);
    const path = `/registries/${registry.id}/tokens/${id}`;
    const answer = await call("POST", `${path}/scopes`, draft("one-more"));
    assert.deepEqual(await refused(answer, 400), ["scopes-exhausted"]);
    assert.equal((await list(path)).length, 100);
  });

  it("need pull where they allow push", async () => {
    const path = await makeEmptyToken();
    const properties = { type: "repository", name: "*", actions: ["push"] };
    const answer = await call("POST", `${path}/scopes`, { properties });
    assert.deepEqual(await refused(answer, 400), ["push-needs-pull"]);
    assert.deepEqual(await list(path), []);
  });

  it("are not found under a token that is none", async () => {
    const path = `/registries/${registry.id}/tokens/${randomUUID()}/scopes`;
    for (const [method, body] of [
      ["GET", undefined],
      ["POST", draft("a")],
    ] as const) {
      assert.deepEqual(await refused(await call(method, path, body), 404), ["token-unknown"]);
    }
  });
});
