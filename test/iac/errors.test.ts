import assert from "node:assert/strict";
import { makeRegistry, OWNER } from "../support/management.ts";
import { PulumiStack } from "../support/pulumi-stack.ts";
import { RunningServer } from "../support/running-server.ts";

const SHOP = `new Registry("shop", { location: "de/fra" });`;

describe("a deployment that cannot be", function () {
  this.timeout(300_000);
  let server: RunningServer;
  let stack: PulumiStack;
  before(async () => {
    server = await RunningServer.start();
    await makeRegistry(server.url, "taken");
    stack = await PulumiStack.create(server.url);
  });
  after(async () => {
    await stack[Symbol.asyncDispose]();
    await server.stop();
  });

  it("says that no server answers, and where", async () => {
    await stack.write(SHOP);
    const printed = await stack.upRefused({ MOORAGE_ENDPOINT: "http://127.0.0.1:9" });
    assert.match(
      printed,
      /registry "shop": no server answers at http:\/\/127\.0\.0\.1:9\/containerregistries \(ECONNREFUSED\): start the server, or correct moorage:endpoint/,
    );
  });

  it("says that the credentials are wrong, without showing them", async () => {
    await stack.write(SHOP);
    const printed = await stack.upRefused({ MOORAGE_PASSWORD: "not-the-password" });
    assert.match(
      printed,
      /registry "shop": the server does not accept the user name and password \(401\)/,
    );
    assert.ok(!printed.includes("not-the-password"));
  });

  it("says which setting is missing", async () => {
    await stack.write(SHOP);
    const printed = await stack.upRefused({ MOORAGE_PASSWORD: "" });
    assert.match(
      printed,
      /the password of the Moorage server is not set: run `pulumi config set --secret moorage:password …`/,
    );
  });

  it("says what the server refused, and why", async () => {
    await stack.write(`new Registry("shop", { name: "taken", location: "de/fra" });`);
    const printed = await stack.upRefused();
    assert.match(printed, /registry "shop": POST \/registries: the registry name "taken" is taken/);
    assert.ok(!printed.includes(OWNER.password));
  });

  it("says what is wrong with an argument before anything happens", async () => {
    await stack.write(`${SHOP}
new Token("ci", { registryId: "00000000-0000-4000-8000-000000000000", expiresIn: "5m" });`);
    const { code, output, errors } = await stack.run(["preview"]);
    assert.notEqual(code, 0);
    assert.match(output + errors, /resource 'ci'.* expiresIn must be at least 1h/);
  });

  it("refuses to switch scanning off in the preview", async () => {
    await stack.write(SHOP);
    await stack.up();
    await stack.write(
      `new Registry("shop", { location: "de/fra", vulnerabilityScanning: false });`,
    );
    const { code, output, errors } = await stack.run(["preview"]);
    assert.notEqual(code, 0);
    assert.match(output + errors, /vulnerabilityScanning cannot be switched off once it is on/);
    await stack.must(["destroy", "--yes", "--skip-preview"]);
  });
});
