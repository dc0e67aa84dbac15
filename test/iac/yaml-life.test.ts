import assert from "node:assert/strict";
import { registriesResponse } from "@moorage/core/contract/registry";
import { token } from "@moorage/core/contract/token";
import { usersResponse } from "@moorage/core/contract/user";
import { manage, OWNER } from "../support/management.ts";
import type { PulumiStack } from "../support/pulumi-stack.ts";
import { RunningServer } from "../support/running-server.ts";
import { YamlStack } from "../support/yaml-stack.ts";

/** A program with every resource and a function in it. */
function program(options: { tokenName?: string; actions?: string } = {}): string {
  return `
variables:
  places:
    fn::invoke:
      function: moorage:getLocations
      arguments: {}
      return: locations
resources:
  shop:
    type: moorage:Registry
    properties:
      location: \${places[0]}
  weekly:
    type: moorage:GCSchedule
    properties:
      registryId: \${shop.registryId}
      days: [Sunday]
      time: "03:30"
  ci:
    type: moorage:Token
    properties:
      registryId: \${shop.registryId}
      name: ${options.tokenName ?? "ci"}
      scopes:
        - { type: repository, name: "*", actions: ${options.actions ?? "[pull]"} }
      expiresIn: 30d
  robot:
    type: moorage:Token
    properties:
      registryId: \${shop.registryId}
  team:
    type: moorage:Scope
    properties:
      registryId: \${shop.registryId}
      tokenId: \${robot.tokenId}
      name: team/*
      actions: [pull]
outputs:
  registryId: \${shop.registryId}
  name: \${shop.name}
  ciId: \${ci.tokenId}
  robotId: \${robot.tokenId}
  password: \${ci.password}
  dockerConfigJson: \${ci.dockerConfigJson}
`;
}

// One story: each step needs the ones before it.
describe("a stack in YAML, by the plugin", function () {
  this.timeout(300_000);
  let server: RunningServer;
  let yaml: YamlStack;
  let stack: PulumiStack;
  before(async () => {
    server = await RunningServer.start();
    yaml = await YamlStack.create(server.url);
    stack = yaml.cli;
  });
  after(async () => {
    await yaml?.[Symbol.asyncDispose]();
    await server.stop();
  });

  const tokenPath = async (output: string): Promise<string> => {
    const outputs = await stack.outputs();
    return `/registries/${outputs["registryId"]}/tokens/${outputs[output]}`;
  };

  it("is previewed, created, and has no difference afterwards", async () => {
    await yaml.write(program());
    const { output } = await stack.run(["preview"]);
    assert.match(output, /name\s*: "shop-[0-9a-f]{7}"/, "the preview knows the name");
    assert.deepEqual(await stack.preview(), { create: 6 });
    assert.deepEqual(await stack.up(), { create: 6 });
    assert.deepEqual(await stack.up(), { same: 6 });
    await stack.must(["preview", "--expect-no-changes"]);
    await stack.must(["refresh", "--yes", "--skip-preview", "--expect-no-changes"]);
  });

  it("keeps no secret in the clear", async () => {
    const { password = "" } = await stack.outputs();
    assert.ok(password.length >= 20);
    const printed = await stack.must(["up", "--yes", "--diff"]);
    const written = await stack.written();
    for (const secret of [password, OWNER.password]) {
      for (const form of [secret, Buffer.from(secret).toString("base64").slice(2, -4)]) {
        assert.ok(!written.includes(form), "a file holds a secret");
        assert.ok(!printed.includes(form), "the CLI printed a secret");
        assert.ok(!server.log.includes(form), "the server logged a secret");
      }
    }
  });

  it("sees in a plain preview what somebody changed, and mends it by a plain up", async () => {
    const path = await tokenPath("ciId");
    await manage(server.url, "PATCH", path, { status: "disabled" });
    const printed = await stack.must(["preview", "--diff"]);
    assert.match(printed, /status\s*: "enabled" => "disabled"/);
    assert.deepEqual(await stack.preview(), { update: 1, same: 5 });
    assert.deepEqual(await stack.up(), { update: 1, same: 5 });
    const mended = token.parse(await (await manage(server.url, "GET", path)).json());
    assert.equal(mended.properties.status, "enabled");
  });

  it("makes again what somebody deleted, and what depends on it", async () => {
    const before = await stack.outputs();
    await manage(server.url, "DELETE", await tokenPath("robotId"));
    const changes = await stack.up();
    assert.equal(changes["same"], 4);
    assert.notEqual((await stack.outputs())["robotId"], before["robotId"]);
    assert.deepEqual(await stack.up(), { same: 6 });
  });

  it("takes over by a refresh what is on the server", async () => {
    const { registryId } = await stack.outputs();
    await manage(server.url, "PATCH", `/registries/${registryId}`, { visibility: "public" });
    const printed = await stack.must(["refresh", "--yes", "--skip-preview", "--diff"]);
    assert.match(printed, /visibility\s*: (?:"private" => )?"public"/);
    assert.deepEqual(await stack.up(), { update: 1, same: 5 });
  });

  it("changes in place, and shows where", async () => {
    await yaml.write(program({ actions: "[pull, push]" }));
    const printed = await stack.must(["preview", "--diff"]);
    assert.match(printed, /\+ \[1\]: "push"/);
    const { password, ciId } = await stack.outputs();
    assert.deepEqual(await stack.up(), { update: 1, same: 5 });
    const after = await stack.outputs();
    assert.deepEqual([after["password"], after["ciId"]], [password, ciId]);
  });

  it("replaces what has another name", async () => {
    const { ciId } = await stack.outputs();
    await yaml.write(program({ actions: "[pull, push]", tokenName: "pipeline" }));
    assert.deepEqual(await stack.preview(), { replace: 1, same: 5 });
    assert.deepEqual(await stack.up(), { replace: 1, same: 5 });
    assert.notEqual((await stack.outputs())["ciId"], ciId);
  });

  it("says what is wrong with an argument before anything happens", async () => {
    await yaml.write(program({ actions: "[push]" }));
    const { code, output, errors } = await stack.run(["preview"]);
    assert.notEqual(code, 0);
    assert.match(output + errors, /a scope that permits push must permit pull too/);
  });

  it("reads and destroys with the password of now, whatever the last run had", async () => {
    const set = (password: string): Promise<string> =>
      stack.must(["config", "set", "--secret", "moorage:password", password]);
    await stack.must(["config", "set", "moorage:username", OWNER.username]);
    await set(OWNER.password);
    // The configuration wins over the environment, and state now remembers it.
    await yaml.write(program());
    await stack.must(["up", "--yes", "--skip-preview"], { MOORAGE_PASSWORD: "wrong" });
    const users = usersResponse.parse(await (await manage(server.url, "GET", "/users")).json());
    const changed = { ...OWNER, password: "another password for tests" };
    await manage(server.url, "PATCH", `/users/${users.items[0]?.id}`, {
      password: changed.password,
    });
    await set(changed.password);
    await stack.must(["refresh", "--yes", "--skip-preview"]);
    await stack.must(["destroy", "--yes", "--skip-preview"]);
    const answer = await manage(server.url, "GET", "/registries", undefined, changed);
    assert.deepEqual(registriesResponse.parse(await answer.json()).items, []);
  });
});
