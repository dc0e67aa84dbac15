import assert from "node:assert/strict";
import { registriesResponse } from "@moorage/core/contract/registry";
import { makeRegistry, manage } from "../../support/management.ts";
import { answered } from "../../support/management-answer.ts";
import { RunningServer } from "../../support/running-server.ts";

describe("clients of the management API that act at once", () => {
  let server: RunningServer;
  before(async () => {
    server = await RunningServer.start();
  });
  after(() => server.stop());

  const statuses = async (calls: readonly Promise<Response>[]) => {
    const answers = await Promise.all(calls);
    await Promise.all(answers.map((answer) => answer.arrayBuffer()));
    return answers.map(({ status }) => status).sort();
  };
  const ten = (call: () => Promise<Response>) => Array.from({ length: 10 }, call);

  it("create one registry where ten want the same name", async () => {
    const properties = { name: "wanted", location: "de/fra" };
    const outcome = await statuses(
      ten(() => manage(server.url, "POST", "/registries", { properties })),
    );
    assert.deepEqual(outcome, [201, ...Array<number>(9).fill(400)]);
    const answer = await manage(server.url, "GET", "/registries?filter.name=wanted");
    assert.equal((await answered(answer, 200, registriesResponse)).items?.length, 1);
  });

  it("create one token where ten want the same name", async () => {
    const { id } = await makeRegistry(server.url, "with-tokens");
    const body = { properties: { name: "ci" } };
    const outcome = await statuses(
      ten(() => manage(server.url, "POST", `/registries/${id}/tokens`, body)),
    );
    assert.deepEqual(outcome, [201, ...Array<number>(9).fill(409)]);
  });

  it("delete a registry once", async () => {
    const { id } = await makeRegistry(server.url, "unwanted");
    const outcome = await statuses(ten(() => manage(server.url, "DELETE", `/registries/${id}`)));
    assert.deepEqual(outcome, [204, ...Array<number>(9).fill(404)]);
  });
});
