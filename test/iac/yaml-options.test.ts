import assert from "node:assert/strict";
import { token as tokenSchema } from "@moorage/core/contract/token";
import { makeRegistry, manage, OWNER } from "../support/management.ts";
import type { PulumiStack } from "../support/pulumi-stack.ts";
import { RunningServer } from "../support/running-server.ts";
import { YamlStack } from "../support/yaml-stack.ts";

describe("options of a stack in YAML", function () {
  this.timeout(300_000);
  let server: RunningServer;
  let yaml: YamlStack;
  let stack: PulumiStack;
  beforeEach(async () => {
    server = await RunningServer.start();
    yaml = await YamlStack.create(server.url);
    stack = yaml.cli;
  });
  afterEach(async () => {
    await yaml?.[Symbol.asyncDispose]();
    await server.stop();
  });

  const shop = (properties: string, options: string): string => `
resources:
  shop:
    type: moorage:Registry
    properties: { location: de/fra, ${properties} }
    options: { ${options} }
outputs:
  registryId: \${shop.registryId}
`;

  it("ignore changes, replace on changes, protect, and allow time", async () => {
    await yaml.write(shop("visibility: private", "customTimeouts: { create: 30s }"));
    assert.deepEqual(await stack.up(), { create: 2 });
    await yaml.write(shop("visibility: public", "ignoreChanges: [visibility]"));
    assert.deepEqual(await stack.up(), { same: 2 });
    const { registryId } = await stack.outputs();
    await yaml.write(shop("visibility: public", "replaceOnChanges: [visibility], protect: true"));
    assert.match((await stack.run(["preview"])).output, /replace/);
    await yaml.write(shop("visibility: private", "protect: true"));
    await stack.up();
    const refused = await stack.run(["destroy", "--yes", "--skip-preview"]);
    assert.match(refused.output + refused.errors, /protected/);
    await yaml.write(shop("visibility: public", "replaceOnChanges: [visibility]"));
    await stack.up();
    assert.notEqual((await stack.outputs())["registryId"], registryId);
    await stack.must(["destroy", "--yes", "--skip-preview"]);
  });

  it("import what is there, by the command and by the program", async () => {
    const home = await makeRegistry(server.url, "home");
    await yaml.write("resources: {}");
    const args = ["import", "moorage:index:Registry", "home", home.id, "--yes"];
    // The host for YAML cannot write programs.
    await stack.must([...args, "--generate-code=false"]);
    const made = await manage(server.url, "POST", `/registries/${home.id}/tokens`, {
      properties: { name: "ci", scopes: [{ type: "repository", name: "*", actions: ["pull"] }] },
    });
    const { id: tokenId } = tokenSchema.parse(await made.json());
    await yaml.write(`
resources:
  home:
    type: moorage:Registry
    properties: { name: home, location: de/fra }
    options: { protect: true }
  ci:
    type: moorage:Token
    properties:
      registryId: \${home.registryId}
      name: ci
      scopes: [{ type: repository, name: "*", actions: [pull] }]
    options: { import: ${home.id}/${tokenId} }
outputs:
  tokenId: \${ci.tokenId}
`);
    assert.deepEqual(await stack.up(), { import: 1, same: 2 });
    assert.equal((await stack.outputs())["tokenId"], tokenId);
    await stack.must(["preview", "--expect-no-changes"]);
  });

  it("take a server whose address only the same run knows", async () => {
    await yaml.write(`
variables:
  parts:
    fn::split: ["/", "\${first.endpoint}"]
resources:
  first:
    type: moorage:Registry
    properties: { location: de/fra }
  server:
    type: pulumi:providers:moorage
    properties:
      endpoint: http://\${parts[0]}
      username: ${OWNER.username}
      password: { fn::secret: "${OWNER.password}" }
  second:
    type: moorage:Registry
    properties: { location: de/fra }
    options: { provider: "\${server}" }
`);
    assert.deepEqual(await stack.preview(), { create: 4 });
    assert.deepEqual(await stack.up(), { create: 4 });
    assert.deepEqual(await stack.up(), { same: 4 });
    await stack.must(["destroy", "--yes", "--skip-preview"]);
  });

  it("make a hundred resources side by side", async () => {
    const tokens = Array.from(
      { length: 100 },
      (_, number) => `
  token${number}:
    type: moorage:Token
    properties: { registryId: "\${home.registryId}" }`,
    );
    await yaml.write(`
resources:
  home:
    type: moorage:Registry
    properties: { location: de/fra }${tokens.join("")}
`);
    assert.deepEqual(await stack.up("--parallel", "100"), { create: 102 });
    assert.deepEqual(await stack.up("--parallel", "100"), { same: 102 });
    await stack.must(["destroy", "--yes", "--skip-preview", "--parallel", "100"]);
  });
});
