import assert from "node:assert/strict";
import { inspect } from "node:util";
import { createClient } from "@moorage/core/client/client";
import { apiBase } from "@moorage/core/client/endpoint";
import { scriptedServer, type Turn } from "../../support/scripted-server.ts";
import { errorAnswer, registriesAnswer, registryAnswer, tokenAnswer } from "./answers.ts";

const ID = "5d1c7a52-0f3e-4a6e-9b52-0c9a3c1f0e11";
const SECRET = "secret-word";

function clientOf(endpoint: string): ReturnType<typeof createClient> {
  return createClient({ endpoint, username: "ops@example.test", password: SECRET });
}

async function collect<Item>(items: AsyncIterable<Item>): Promise<Item[]> {
  const collected: Item[] = [];
  for await (const item of items) collected.push(item);
  return collected;
}

describe("the client", () => {
  it("finds the API with and without its prefix in the endpoint", () => {
    const expected = "https://cr.example/containerregistries";
    for (const suffix of ["", "/", "/containerregistries", "/containerregistries/"]) {
      assert.equal(apiBase(`https://cr.example${suffix}`), expected);
    }
    assert.equal(apiBase("http://h:1/x"), "http://h:1/x/containerregistries");
    for (const wrong of ["127.0.0.1:5000", "", "ftp://h", "http://h/?a=b", "http://u:p@h"]) {
      assert.throws(() => apiBase(wrong), { code: "settings" });
    }
  });

  it("refuses to start without credentials", () => {
    for (const given of [{}, { username: "a" }, { username: "a:b", password: "c" }]) {
      assert.throws(() => createClient({ endpoint: "http://h", ...given }), { code: "settings" });
    }
  });

  it("sends what the contract says and reads the answer, later additions aside", async () => {
    await using server = await scriptedServer(() => ({
      status: 201,
      body: registryAnswer("shop", 1),
    }));
    const client = clientOf(server.endpoint);
    const registry = await client.registries.create({ name: "shop", location: "de/fra" });
    assert.equal(registry.properties.name, "shop");
    const [request] = server.received;
    assert.equal(request?.method, "POST");
    assert.equal(request.url, "/containerregistries/registries");
    assert.equal(request.body, '{"properties":{"name":"shop","location":"de/fra"}}');
    const credentials = Buffer.from(`ops@example.test:${SECRET}`).toString("base64");
    assert.equal(request.headers.authorization, `Basic ${credentials}`);
    await client.close();
  });

  it("sends the entity tag that a change is meant for", async () => {
    await using server = await scriptedServer(() => ({ status: 412 }));
    const client = clientOf(server.endpoint);
    const change = client.registries.patch(ID, { visibility: "public" }, { ifMatch: "7" });
    await assert.rejects(change, { code: "changed-meanwhile", status: 412 });
    assert.equal(server.received[0]?.headers["if-match"], '"7"');
    assert.equal(server.received[0].body, '{"visibility":"public"}');
    await client.close();
  });

  it("pages through registries until the token is empty", async () => {
    await using server = await scriptedServer((_, turn) => ({
      status: 200,
      body: registriesAnswer([`r${turn}a`, `r${turn}b`], turn < 3 ? `page ${turn}` : ""),
    }));
    const client = clientOf(server.endpoint);
    const names: string[] = [];
    for await (const each of client.registries.list({ pageSize: 2 }))
      names.push(each.properties.name);
    assert.deepEqual(names, ["r1a", "r1b", "r2a", "r2b", "r3a", "r3b"]);
    assert.equal(
      server.received[1]?.url,
      "/containerregistries/registries?limit=2&pagination.token=page+1",
    );
    await client.close();
  });

  it("does not page for ever when a server repeats its token", async () => {
    await using server = await scriptedServer(() => ({
      status: 200,
      body: registriesAnswer(["a"], "same"),
    }));
    const client = clientOf(server.endpoint);
    assert.equal((await collect(client.registries.list())).length, 2);
    await client.close();
  });

  it("pages through tokens by offset", async () => {
    await using server = await scriptedServer(({ url }) => {
      const offset = Number(new URL(url, "http://h").searchParams.get("offset"));
      const items = [0, 1, 2, 3, 4].slice(offset, offset + 2).map((n) => tokenAnswer(`t${n}`, n));
      const _links = { next: "", previous: "", self: "" };
      const body = { id: "tokens", type: "collection", items, _links };
      return {
        status: 200,
        body: { ...body, count: items.length, total: 5, offset, limit: 2 },
      };
    });
    const client = clientOf(server.endpoint);
    const tokens = await collect(client.tokens.list(ID, { pageSize: 2 }));
    assert.deepEqual(
      tokens.map((each) => each.properties.name),
      ["t0", "t1", "t2", "t3", "t4"],
    );
    await client.close();
  });

  it("says why a request was refused, and never who asked", async () => {
    const body = errorAnswer(400, "registry-name-taken", "the name shop is taken");
    await using server = await scriptedServer(() => ({ status: 400, body }));
    const client = clientOf(server.endpoint);
    const error = await client.registries
      .create({ name: "shop", location: "de/fra" })
      .catch((reason: unknown) => reason);
    assert.ok(error instanceof Error && "errorCodes" in error && "code" in error);
    assert.equal(error.code, "refused");
    assert.deepEqual(error.errorCodes, ["registry-name-taken"]);
    assert.equal(
      error.message,
      "POST /registries: the name shop is taken (400 registry-name-taken)",
    );
    const credentials = Buffer.from(`ops@example.test:${SECRET}`).toString("base64");
    for (const shown of [inspect(error, { depth: 9 }), inspect(client, { depth: 9 })]) {
      assert.ok(!shown.includes(SECRET) && !shown.includes(credentials));
    }
    await client.close();
  });

  it("takes a 404 for absence only from a server that speaks the contract", async () => {
    const cases: [Turn, unknown][] = [
      [{ status: 404 }, undefined],
      [{ status: 404, body: errorAnswer(404, "registry-not-found", "there is none") }, undefined],
      [{ status: 404, body: "<html>nginx</html>" }, "not-found"],
      [{ status: 404, body: errorAnswer(404, "route-unknown", "no such path") }, "not-found"],
    ];
    for (const [turn, expected] of cases) {
      await using server = await scriptedServer(() => turn);
      const client = clientOf(server.endpoint);
      const outcome = await client.registries.get(ID).catch((error) => error.code);
      assert.equal(outcome, expected);
      const deleted = await client.tokens.delete(ID, ID).catch((error) => error.code);
      assert.equal(deleted, expected ?? false);
      await client.close();
    }
  });

  it("refuses answers that are not the contract's, without showing them", async () => {
    for (const body of ["<html>", "[]", { ...tokenAnswer("ci", 1, SECRET), id: "no uuid" }]) {
      await using server = await scriptedServer(() => ({ status: 201, body }));
      const client = clientOf(server.endpoint);
      await assert.rejects(client.tokens.create(ID, { name: "ci" }), (error: Error) => {
        assert.ok(!inspect(error).includes(SECRET));
        assert.match(error.message, /the answer is not one of a Moorage server/);
        return true;
      });
      await client.close();
    }
  });

  it("does not follow redirects, which would carry credentials elsewhere", async () => {
    await using server = await scriptedServer(() => ({
      status: 307,
      headers: { location: "/elsewhere" },
    }));
    const client = clientOf(server.endpoint);
    await assert.rejects(client.locations(), { code: "unexpected-answer", status: 307 });
    assert.equal(server.received.length, 1);
    await client.close();
  });

  it("tells free, taken and invalid names apart", async () => {
    const status: Record<string, number> = { free: 404, taken: 200, "in valid": 400 };
    await using server = await scriptedServer(({ url }) => ({
      status: status[decodeURIComponent(url.split("/").at(-1) ?? "")] ?? 500,
    }));
    const client = clientOf(server.endpoint);
    assert.equal(await client.checkName("free"), "free");
    assert.equal(await client.checkName("taken"), "taken");
    assert.equal(await client.checkName("in valid"), "invalid");
    await client.close();
  });
});
