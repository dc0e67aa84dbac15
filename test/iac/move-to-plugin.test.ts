import assert from "node:assert/strict";
import { manage } from "../support/management.ts";
import { PulumiStack } from "../support/pulumi-stack.ts";
import { RunningServer } from "../support/running-server.ts";

const PLUGIN = "@moorage/pulumi/plugin";

/** The same for both faces: they differ in the import line alone. */
const program = (more: string): string => `
const shop = new Registry("shop", { location: "de/fra" });
const registryId = shop.registryId;
new GCSchedule("weekly", { registryId, days: ["Sunday"], time: "03:30" });
const ci = new Token("ci", {
  registryId,
  name: "ci",
  scopes: [{ type: "repository", name: "*", actions: ["pull"] }],
  expiresIn: "30d",${more}
});
const robot = new Token("robot", { registryId });
const team = new Scope("team", { registryId, tokenId: robot.tokenId, name: "team/*", actions: ["pull"] });
new Repository("app", { registryId, name: "team/app" });
const ops = new User("ops", { email: "ops@example.com", role: "developer" });
export { registryId };
export const opsId = ops.userId;
export const ciId = ci.tokenId;
export const robotId = robot.tokenId;
export const teamId = team.scopeId;
export const password = ci.password;
`;

// One story, as docs/how-to/move-to-the-plugin.md tells it.
describe("a stack of the dynamic provider", function () {
  this.timeout(300_000);
  let server: RunningServer;
  let old: PulumiStack;
  let next: PulumiStack;
  before(async () => {
    server = await RunningServer.start();
    old = await PulumiStack.create(server.url);
    next = await PulumiStack.create(server.url);
    await next.findPlugin();
  });
  after(async () => {
    await next?.[Symbol.asyncDispose]();
    await old?.[Symbol.asyncDispose]();
    await server.stop();
  });

  it("moves to the plugin by imports and one line of the program, and nothing on the server is made anew", async () => {
    await old.write(program(""));
    await old.up();
    const { password: secret, ...ids } = await old.outputs();
    const { registryId, ciId, robotId, teamId, opsId } = ids;
    await next.write("", PLUGIN);
    for (const [type, name, id] of [
      ["Registry", "shop", registryId],
      ["GCSchedule", "weekly", registryId],
      ["Token", "ci", `${registryId}/${ciId}`],
      ["Token", "robot", `${registryId}/${robotId}`],
      ["Scope", "team", `${registryId}/${robotId}/${teamId}`],
      ["Repository", "app", `${registryId}/team/app`],
      ["User", "ops", opsId],
    ] as const) {
      const resource = [`moorage:index:${type}`, name, String(id)];
      await next.must(["import", ...resource, "--yes", "--generate-code=false"]);
    }
    await next.write(program(""), PLUGIN);
    const changes = await next.up();
    assert.deepEqual([changes["create"], changes["replace"]], [undefined, undefined]);
    const { password, ...moved } = await next.outputs();
    assert.deepEqual(moved, ids);
    assert.deepEqual([password, typeof secret], ["", "string"]);
    await next.must(["preview", "--expect-no-changes"]);
  });

  it("leaves what it held to the plugin's stack", async () => {
    const { registryId, ciId } = await next.outputs();
    await old.must(["stack", "rm", "test", "--force", "--yes"]);
    const found = await manage(server.url, "GET", `/registries/${registryId}/tokens/${ciId}`);
    assert.equal(found.status, 200);
  });

  it("gets a secret of its own by a trigger, while the old one works on", async () => {
    const { ciId } = await next.outputs();
    await next.write(program('\n  triggers: ["moved"],'), PLUGIN);
    const changes = await next.up();
    assert.equal(changes["update"], 1);
    const { ciId: kept, password = "" } = await next.outputs();
    assert.equal(kept, ciId);
    assert.ok(password.length >= 20);
  });
});
