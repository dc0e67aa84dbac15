import assert from "node:assert/strict";
import { manage } from "../support/management.ts";
import { PulumiStack } from "../support/pulumi-stack.ts";
import { RunningServer } from "../support/running-server.ts";
import { YamlStack } from "../support/yaml-stack.ts";

const DYNAMIC = `
const shop = new Registry("shop", { location: "de/fra" });
const registryId = shop.registryId;
new GCSchedule("weekly", { registryId, days: ["Sunday"], time: "03:30" });
const ci = new Token("ci", {
  registryId,
  name: "ci",
  scopes: [{ type: "repository", name: "*", actions: ["pull"] }],
  expiresIn: "30d",
});
const robot = new Token("robot", { registryId });
const team = new Scope("team", { registryId, tokenId: robot.tokenId, name: "team/*", actions: ["pull"] });
export { registryId };
export const ciId = ci.tokenId;
export const robotId = robot.tokenId;
export const teamId = team.scopeId;
export const password = ci.password;
`;

const plugin = (triggers: string): string => `
resources:
  shop:
    type: moorage:Registry
    properties: { location: de/fra }
  weekly:
    type: moorage:GCSchedule
    properties: { registryId: "\${shop.registryId}", days: [Sunday], time: "03:30" }
  ci:
    type: moorage:Token
    properties:
      registryId: \${shop.registryId}
      name: ci
      scopes: [{ type: repository, name: "*", actions: [pull] }]
      expiresIn: 30d${triggers}
  robot:
    type: moorage:Token
    properties: { registryId: "\${shop.registryId}" }
  team:
    type: moorage:Scope
    properties:
      registryId: \${shop.registryId}
      tokenId: \${robot.tokenId}
      name: team/*
      actions: [pull]
outputs:
  registryId: \${shop.registryId}
  ciId: \${ci.tokenId}
  robotId: \${robot.tokenId}
  teamId: \${team.scopeId}
  password: \${ci.password}
`;

// One story, as docs/how-to/move-to-the-plugin.md tells it.
describe("a stack of the dynamic provider", function () {
  this.timeout(300_000);
  let server: RunningServer;
  let old: PulumiStack;
  let next: YamlStack;
  before(async () => {
    server = await RunningServer.start();
    old = await PulumiStack.create(server.url);
    next = await YamlStack.create(server.url);
  });
  after(async () => {
    await next?.[Symbol.asyncDispose]();
    await old?.[Symbol.asyncDispose]();
    await server.stop();
  });

  it("moves to the plugin by imports, and nothing on the server is made anew", async () => {
    await old.write(DYNAMIC);
    await old.up();
    const { password: secret, ...ids } = await old.outputs();
    const { registryId, ciId, robotId, teamId } = ids;
    await next.write("resources: {}");
    for (const [type, name, id] of [
      ["Registry", "shop", registryId],
      ["GCSchedule", "weekly", registryId],
      ["Token", "ci", `${registryId}/${ciId}`],
      ["Token", "robot", `${registryId}/${robotId}`],
      ["Scope", "team", `${registryId}/${robotId}/${teamId}`],
    ] as const) {
      const resource = [`moorage:index:${type}`, name, String(id)];
      await next.cli.must(["import", ...resource, "--yes", "--generate-code=false"]);
    }
    await next.write(plugin(""));
    const changes = await next.cli.up();
    assert.deepEqual([changes["create"], changes["replace"]], [undefined, undefined]);
    const { password, ...moved } = await next.cli.outputs();
    assert.deepEqual(moved, ids);
    assert.deepEqual([password, typeof secret], ["", "string"]);
    await next.cli.must(["preview", "--expect-no-changes"]);
  });

  it("leaves what it held to the plugin's stack", async () => {
    const { registryId, ciId } = await next.cli.outputs();
    await old.must(["stack", "rm", "test", "--force", "--yes"]);
    const found = await manage(server.url, "GET", `/registries/${registryId}/tokens/${ciId}`);
    assert.equal(found.status, 200);
  });

  it("gets a secret of its own by a trigger, while the old one works on", async () => {
    const { ciId } = await next.cli.outputs();
    await next.write(plugin("\n      triggers: [moved]"));
    const changes = await next.cli.up();
    assert.equal(changes["update"], 1);
    const { ciId: kept, password = "" } = await next.cli.outputs();
    assert.equal(kept, ciId);
    assert.ok(password.length >= 20);
  });
});
