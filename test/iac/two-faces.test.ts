import assert from "node:assert/strict";
import { type Face, PulumiStack } from "../support/pulumi-stack.ts";
import { RunningServer } from "../support/running-server.ts";

/** With every class that both faces have. */
const PROGRAM = `
const shop = new Registry("shop", { location: "de/fra", visibility: "public" });
const { registryId } = shop;
new GCSchedule("weekly", { registryId, days: ["Sunday"], time: "03:30" });
const ci = new Token("ci", {
  registryId,
  scopes: [{ type: "repository", name: "*", actions: ["pull", "push"] }],
  expiresIn: "90d",
  rotateBefore: "14d",
});
const robot = new Token("robot", { registryId });
const team = new Scope("team", { registryId, tokenId: robot.tokenId, name: "team/*", actions: ["pull"] });
const app = new Repository("app", { registryId, name: "team/app" });
const ops = new User("ops", { email: "ops@example.com", role: "developer" });
export { registryId };
export const { name, endpoint, state, visibility, apiSubnetAllowList } = shop;
export const { username, password, expiryDate, rotateBefore, status } = ci;
export const { type, actions, scopeId } = team;
export const url = app.url;
export const login = pulumi.all([ops.email, ops.password, ops.userId]);
`;
const RESOURCES = 8;
const SECRETS = ["password", "login"];

for (const { face, title } of [
  { face: "@moorage/pulumi", title: "the dynamic face, without a plugin" },
  { face: "@moorage/pulumi/plugin", title: "the plugin's face" },
] as const satisfies { face: Face; title: string }[]) {
  // One story: each step needs the ones before it.
  describe(`a program with ${title}`, function () {
    this.timeout(300_000);
    let server: RunningServer;
    let stack: PulumiStack;
    before(async () => {
      server = await RunningServer.start();
      stack = await PulumiStack.create(server.url);
      if (face === "@moorage/pulumi/plugin") await stack.findPlugin();
      await stack.write(PROGRAM, face);
    });
    after(async () => {
      await stack?.[Symbol.asyncDispose]();
      await server?.stop();
    });

    it("deploys, and has nothing to change afterwards", async () => {
      assert.deepEqual(await stack.preview(), { create: RESOURCES });
      assert.deepEqual(await stack.up(), { create: RESOURCES });
      assert.deepEqual(await stack.up(), { same: RESOURCES });
    });

    it("has the same outputs, and the same of them are secret", async () => {
      const { output } = await stack.run(["stack", "output", "--json"]);
      const outputs: Record<string, unknown> = JSON.parse(output);
      const shown = Object.entries(outputs).filter(([, value]) => value !== "[secret]");
      assert.deepEqual(
        Object.keys(outputs)
          .filter((key) => outputs[key] === "[secret]")
          .sort(),
        [...SECRETS].sort(),
      );
      const forms = shown.map(([key, value]) => [key, formOf(value)]);
      assert.deepEqual(Object.fromEntries(forms), {
        registryId: "uuid",
        scopeId: "uuid",
        name: "shop-suffix",
        endpoint: "127.0.0.1:port/shop-suffix",
        url: "127.0.0.1:port/shop-suffix/team/app",
        username: "ci-suffix",
        expiryDate: "time",
        state: "Running",
        visibility: "public",
        apiSubnetAllowList: "[]",
        rotateBefore: "14d",
        status: "enabled",
        type: "repository",
        actions: '["pull"]',
      });
    });

    it("is destroyed", async () => {
      await stack.must(["destroy", "--yes", "--skip-preview"]);
    });
  });
}

/** What does not differ from run to run. */
function formOf(value: unknown): string {
  return (typeof value === "string" ? value : JSON.stringify(value))
    .replace(/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/, "uuid")
    .replace(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/, "time")
    .replace(/-[0-9a-f]{7}(?=\/|$)/, "-suffix")
    .replace(/:\d+\//, ":port/");
}
