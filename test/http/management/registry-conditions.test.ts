import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { registry } from "@moorage/core/contract/registry";
import { basic, makeRegistry, manage, OWNER } from "../../support/management.ts";
import { answered, empty, refused } from "../../support/management-answer.ts";
import { RunningServer } from "../../support/running-server.ts";

describe("conditional changes of a registry", () => {
  let server: RunningServer;
  let names = 0;
  before(async () => {
    server = await RunningServer.start();
  });
  after(() => server.stop());

  const change = (method: string, id: string, etag: string, body?: unknown) =>
    fetch(`${server.url}/containerregistries/registries/${id}`, {
      method,
      headers: {
        authorization: basic(OWNER),
        "if-match": etag,
        ...(body !== undefined && { "content-type": "application/json" }),
      },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
  const read = async (id: string) => {
    const response = await fetch(`${server.url}/containerregistries/registries/${id}`, {
      headers: { authorization: basic(OWNER) },
    });
    const etag = response.headers.get("etag") ?? "";
    return { etag, body: await answered(response, 200, registry) };
  };
  const make = () => makeRegistry(server.url, `conditional-${++names}`);

  it("go through with the ETag that was read, in quotes and as metadata shows it", async () => {
    const { id } = await make();
    const first = await read(id);
    assert.equal(first.etag, `"${first.body.metadata.etag}"`);
    await answered(await change("PATCH", id, first.etag, {}), 200, registry);
    const { body } = await read(id);
    const bare = body.metadata.etag ?? "";
    await answered(await change("PATCH", id, bare, { visibility: "public" }), 200, registry);
  });

  it("go through with the ETag of the answer that created it", async () => {
    const properties = { name: `conditional-${++names}`, location: "de/fra" };
    const id = randomUUID();
    const made = await fetch(`${server.url}/containerregistries/registries/${id}`, {
      method: "PUT",
      headers: { authorization: basic(OWNER), "content-type": "application/json" },
      body: JSON.stringify({ properties }),
    });
    const etag = made.headers.get("etag") ?? "";
    await answered(made, 201, registry);
    await empty(await change("DELETE", id, etag), 204);
  });

  it("are refused with 412, and change nothing, when somebody else was faster", async () => {
    const { id, name } = await make();
    const { etag } = await read(id);
    await answered(await change("PATCH", id, etag, { visibility: "public" }), 200, registry);
    const properties = { name, location: "de/fra" };
    for (const [method, body] of [
      ["PATCH", { visibility: "private" }],
      ["PUT", { properties }],
      ["DELETE", undefined],
    ] as const) {
      for (const stale of [etag, 'W/"1"', '"no tag of ours"', ""]) {
        const answer = await change(method, id, stale, body);
        assert.deepEqual(await refused(answer, 412), ["registry-changed"], `${method} ${stale}`);
      }
    }
    assert.equal((await read(id)).body.properties.visibility, "public");
  });

  it("are refused with the ETag of a registry that had the id before", async () => {
    const { id, name } = await make();
    const { etag } = await read(id);
    await empty(await change("DELETE", id, etag), 204);
    const properties = { name, location: "de/fra" };
    const again = await manage(server.url, "PUT", `/registries/${id}`, { properties });
    await answered(again, 201, registry);
    assert.deepEqual(await refused(await change("PATCH", id, etag, {}), 412), ["registry-changed"]);
  });

  it("take several tags, and * for any", async () => {
    const { id } = await make();
    const { etag } = await read(id);
    await answered(await change("PATCH", id, `"1", ${etag}`, {}), 200, registry);
    await answered(await change("PATCH", id, "*", {}), 200, registry);
  });

  it("create nothing", async () => {
    const properties = { name: `conditional-${++names}`, location: "de/fra" };
    const answer = await change("PUT", randomUUID(), "*", { properties });
    assert.deepEqual(await refused(answer, 412), ["registry-changed"]);
  });

  it("let exactly one of ten through that start from the same ETag", async () => {
    const { id } = await make();
    const { etag } = await read(id);
    const answers = await Promise.all(
      Array.from({ length: 10 }, () => change("PATCH", id, etag, { visibility: "public" })),
    );
    const statuses = await Promise.all(
      answers.map(async (answer) => {
        await answer.arrayBuffer();
        return answer.status;
      }),
    );
    assert.deepEqual(statuses.sort(), [200, ...Array<number>(9).fill(412)]);
  });
});
