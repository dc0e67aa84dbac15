import assert from "node:assert/strict";
import { z } from "zod";
import { TEAMS } from "../../../examples/team-platform/teams.ts";
import { ExampleRun } from "../../support/example-run.ts";
import { basic } from "../../support/management.ts";

const TEAM = z.object({
  endpoint: z.string(),
  ciUsername: z.string(),
  ciPassword: z.string(),
  pullSecret: z.string(),
});

// One story: each step needs the ones before it.
describe("the example of a platform for teams", function () {
  this.timeout(600_000);
  let example: ExampleRun;
  before(async () => {
    example = await ExampleRun.open("team-platform");
  });
  after(() => example?.close());

  it("makes a registry, a schedule and two tokens for each of ten teams", async () => {
    assert.equal(TEAMS.length, 10);
    assert.match(await example.step("Up"), /41 created/);
    assert.match(await example.step("Hand over"), /127\.0\.0\.1:\d+\/billing-\S+ billing-ci-/);
  });

  it("lets a team push where the list says, and nowhere else", async () => {
    const teams = z.record(z.string(), TEAM).parse((await example.outputs())["teams"]);
    assert.deepEqual(Object.keys(teams).sort(), TEAMS.map(({ name }) => name).sort());
    const push = async (by: string, team: string, repository: string): Promise<number> => {
      const { ciUsername = "", ciPassword = "" } = teams[by] ?? {};
      const registry = teams[team]?.endpoint.split("/")[1];
      const answer = await fetch(`${example.url}/v2/${registry}/${repository}/blobs/uploads/`, {
        method: "POST",
        headers: { authorization: basic({ username: ciUsername, password: ciPassword }) },
      });
      await answer.arrayBuffer();
      return answer.status;
    };
    assert.equal(await push("billing", "billing", "api"), 202);
    assert.equal(await push("billing", "billing", "web"), 403);
    assert.equal(await push("identity", "identity", "tools/lint"), 202);
    assert.ok((await push("billing", "search", "api")) >= 401);
  });

  it("leaves nothing behind", async () => {
    assert.match(await example.step("Down"), /41 deleted/);
    assert.deepEqual(example.left, []);
  });
});
