import assert from "node:assert/strict";
import { writeFile } from "node:fs/promises";
import path from "node:path";
import { makeRegistry, makeToken, OWNER } from "../support/management.ts";
import { PulumiStack } from "../support/pulumi-stack.ts";
import { RunningServer } from "../support/running-server.ts";

const PROGRAM = (url: string, registryId: string, tokenId: string): string => `
import * as pulumi from "@pulumi/pulumi";
import * as moorage from "@moorage/pulumi/plugin";
const server = new moorage.Provider("server", {
  endpoint: "${url}",
  username: "${OWNER.username}",
  password: "${OWNER.password}",
});
const options = { provider: server };
const registryId = "${registryId}";
const shop = moorage.Registry.get("shop", registryId, options);
const ci = moorage.Token.get("ci", registryId + "/${tokenId}", options);
const team = new moorage.Scope(
  "team",
  { registryId: shop.registryId, tokenId: ci.tokenId, name: "team/*", actions: ["pull"] },
  options,
);
const found = moorage.getTokenOutput({ registryId: shop.registryId, name: ci.name }, options);
const { locations } = await moorage.getLocations(options);
const { status } = await moorage.isNameAvailable({ name: "shop" }, options);
export const seen = [shop.name, shop.location, ci.username, ci.status, team.type];
export const asked = [found.tokenId, status, locations];
`;

describe("what only the plugin's face has", function () {
  this.timeout(300_000);

  it("looks up what others made, asks functions, and talks to the server that a provider names", async () => {
    const server = await RunningServer.start();
    await using stack = await PulumiStack.create("http://127.0.0.1:1");
    try {
      await stack.findPlugin();
      const registry = await makeRegistry(server.url, "shop");
      const { id, username } = await makeToken(server.url, registry, "ci", []);
      const program = PROGRAM(server.url, registry.id, id);
      await writeFile(path.join(stack.folder, "index.ts"), program);
      await stack.must(["up", "--yes", "--skip-preview"]);
      const outputs: Record<string, unknown> = await stack.outputs();
      assert.deepEqual(outputs["seen"], ["shop", "de/fra", username, "enabled", "repository"]);
      assert.deepEqual(outputs["asked"], [id, "taken", ["de/fra"]]);
      assert.ok(
        !(await stack.must(["stack", "export"])).includes(OWNER.password),
        "state holds the password",
      );
      await stack.must(["preview", "--expect-no-changes"]);
      await stack.must(["destroy", "--yes", "--skip-preview"]);
    } finally {
      await server.stop();
    }
  });
});
