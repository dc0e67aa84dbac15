import assert from "node:assert/strict";
import { registriesResponse } from "@moorage/core/contract/registry";
import { z } from "zod";
import { manage, OWNER } from "../support/management.ts";
import { PulumiStack } from "../support/pulumi-stack.ts";
import { RunningServer } from "../support/running-server.ts";

const wrapped = z.object({ properties: z.record(z.string(), z.unknown()) });

/** A program with everything in it that this package declares. */
function program(
  options: {
    visibility?: string;
    days?: string;
    time?: string;
    actions?: string;
    status?: string;
    tokenName?: string;
    schedule?: boolean;
    scopes?: number;
  } = {},
): string {
  const { days = '["Sunday"]', time = "19:30", actions = '["pull"]', status = "enabled" } = options;
  const schedule = `new GCSchedule("weekly", { registryId: registry.registryId, days: ${days}, time: "${time}" });`;
  return `
const registry = new Registry("shop", { location: "de/fra", visibility: "${options.visibility ?? "private"}" });
${options.schedule === false ? "" : schedule}
const ci = new Token("ci", {
  registryId: registry.registryId,
  name: "${options.tokenName ?? "ci"}",
  scopes: [{ type: "repository", name: "*", actions: ${actions} }],
  status: "${status}",
  expiresIn: "30d",
});
const robot = new Token("robot", { registryId: registry.registryId });
for (let number = 0; number < ${options.scopes ?? 0}; number += 1) {
  new Scope(\`team\${number}\`, {
    registryId: registry.registryId,
    tokenId: robot.tokenId,
    name: \`team\${number}/*\`,
    actions: ["pull"],
  });
}
export const registryId = registry.registryId;
export const ciId = ci.tokenId;
export const robotId = robot.tokenId;
export const password = ci.password;
export const dockerLogin = ci.dockerLogin;
export const dockerConfigJson = ci.dockerConfigJson;
export const robotPassword = robot.password;
`;
}

describe("a stack", function () {
  this.timeout(300_000);
  let server: RunningServer;
  let stack: PulumiStack;
  before(async () => {
    server = await RunningServer.start();
    stack = await PulumiStack.create(server.url);
  });
  after(async () => {
    await stack[Symbol.asyncDispose]();
    await server.stop();
  });

  const answer = async (path: string): Promise<{ properties: Record<string, unknown> }> =>
    wrapped.parse(await (await manage(server.url, "GET", path)).json());

  it("is created, and has no difference afterwards", async () => {
    await stack.write(program({ scopes: 20 }));
    assert.deepEqual(await stack.up(), { create: 25 });
    assert.deepEqual(await stack.up(), { same: 25 });
    await stack.must(["preview", "--expect-no-changes"]);
    await stack.must(["refresh", "--yes", "--skip-preview", "--expect-no-changes"]);
  });

  it("has all scopes that were created at once", async () => {
    const { registryId, robotId } = await stack.outputs();
    const { properties } = await answer(`/registries/${registryId}/tokens/${robotId}`);
    assert.equal(Array.isArray(properties["scopes"]) && properties["scopes"].length, 20);
  });

  it("keeps no secret in the clear", async () => {
    const { password, robotPassword } = await stack.outputs();
    const shown = await stack.must(["stack", "output"]);
    const printed = await stack.must(["up", "--yes", "--diff", "--refresh"]);
    const written = await stack.written();
    for (const secret of [password, robotPassword, OWNER.password]) {
      assert.ok(secret);
      const forms = [secret, Buffer.from(secret).toString("base64").slice(2, -4)];
      for (const form of forms) {
        assert.ok(!written.includes(form), "a file holds a secret");
        assert.ok(!printed.includes(form), "the CLI printed a secret");
        assert.ok(!shown.includes(form), "the CLI showed a secret output");
        assert.ok(!server.log.includes(form), "the server logged a secret");
      }
    }
  });

  it("takes other spellings of a time for no change", async () => {
    await stack.write(program({ scopes: 20, time: "19:30:00+00:00" }));
    await stack.must(["preview", "--expect-no-changes"]);
  });

  it("changes schedule, scopes and status in place", async () => {
    const before = await stack.outputs();
    const change = { days: '["Monday"]', actions: '["pull", "push"]', status: "disabled" };
    await stack.write(program({ ...change, visibility: "public", scopes: 1 }));
    const changes = { update: 3, delete: 19, same: 3 };
    assert.deepEqual(await stack.preview(), changes);
    assert.deepEqual(await stack.up(), changes);
    const { registryId, ciId, robotId, password } = await stack.outputs();
    assert.deepEqual([ciId, password], [before["ciId"], before["password"]]);
    const token = await answer(`/registries/${registryId}/tokens/${ciId}`);
    assert.equal(token.properties["status"], "disabled");
    assert.match(JSON.stringify(token.properties["scopes"]), /"actions":\["pull","push"\]/);
    const robot = await answer(`/registries/${registryId}/tokens/${robotId}`);
    assert.match(JSON.stringify(robot.properties["scopes"]), /team0/);
    const registry = await answer(`/registries/${registryId}`);
    assert.deepEqual(registry.properties["garbageCollectionSchedule"], {
      days: ["Monday"],
      time: "19:30",
    });
  });

  it("replaces what has another name, and switches garbage collection off", async () => {
    const before = await stack.outputs();
    const renamed = program({ visibility: "public", tokenName: "pipeline", schedule: false });
    await stack.write(renamed);
    const changes = { replace: 1, delete: 2, same: 3 };
    assert.deepEqual(await stack.preview(), changes);
    assert.deepEqual(await stack.up(), changes);
    const { registryId, ciId } = await stack.outputs();
    assert.notEqual(ciId, before["ciId"]);
    const old = await manage(
      server.url,
      "GET",
      `/registries/${registryId}/tokens/${before["ciId"]}`,
    );
    assert.equal(old.status, 404);
    const registry = await answer(`/registries/${registryId}`);
    assert.equal(registry.properties["garbageCollectionSchedule"] ?? null, null);
  });

  it("asks with the settings of now, whatever the last run had", async () => {
    const set = (key: string, value: string): Promise<string> =>
      stack.must([
        "config",
        "set",
        ...(key === "password" ? ["--secret"] : []),
        `moorage:${key}`,
        value,
      ]);
    // The configuration wins over the environment, and state now remembers it.
    await set("username", OWNER.username);
    await set("password", OWNER.password);
    const elsewhere = { MOORAGE_USERNAME: "nobody@example.test", MOORAGE_PASSWORD: "wrong" };
    await stack.must(["up", "--yes", "--skip-preview"], elsewhere);
    await set("password", "outdated");
    const refresh = ["refresh", "--yes", "--skip-preview"];
    const refused = await stack.run(refresh);
    assert.match(refused.output, /does not accept the user name and password/);
    await set("password", OWNER.password);
    await stack.must(refresh);
    await stack.must(["up", "--yes", "--skip-preview", "--refresh"], elsewhere);
    assert.ok(!(await stack.written()).includes(OWNER.password));
  });

  it("leaves nothing behind", async () => {
    await stack.must(["destroy", "--yes", "--skip-preview"]);
    const left = await (await manage(server.url, "GET", "/registries")).json();
    assert.deepEqual(registriesResponse.parse(left).items, []);
  });
});
