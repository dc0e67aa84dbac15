import assert from "node:assert/strict";
import { PulumiStack } from "../support/pulumi-stack.ts";

/** As the component RegistryServer made keys before there was a resource of that name. */
const FORMER = `
const provider: pulumi.dynamic.ResourceProvider = {
  async create() {
    const { randomBytes } = await import("node:crypto");
    const outs = {
      masterKey: randomBytes(32).toString("base64"),
      ownerPassword: randomBytes(24).toString("base64url"),
    };
    return { id: "keys", outs };
  },
};
class Former extends pulumi.dynamic.Resource {
  declare readonly masterKey: pulumi.Output<string>;
  constructor(name: string) {
    const options = { additionalSecretOutputs: ["masterKey", "ownerPassword"] };
    super(provider, name, { masterKey: undefined, ownerPassword: undefined }, options, "moorage", "GeneratedKeys");
  }
}
const keys = new Former("keys");
export const masterKey = keys.masterKey;
`;
const NOW = `
import { GeneratedKeys } from "@moorage/pulumi";
const keys = new GeneratedKeys("keys");
export const masterKey = keys.masterKey;
export const ownerPassword = keys.ownerPassword;
`;

describe("keys that a stack of the dynamic face has generated", function () {
  this.timeout(180_000);

  it("stay as they are from one version to the next, and need no server", async () => {
    // Nothing listens there.
    await using stack = await PulumiStack.create("http://127.0.0.1:9");
    await stack.write(FORMER);
    await stack.up();
    const { masterKey = "" } = await stack.outputs();
    assert.match(masterKey, /^[\w+/]{43}=$/);
    await stack.write(NOW);
    await stack.must(["preview"]);
    await stack.up("--refresh");
    assert.equal((await stack.outputs())["masterKey"], masterKey);
    assert.deepEqual(await stack.up(), { same: 2 });
    assert.ok(!(await stack.written()).includes(masterKey), "a file holds a secret");
    await stack.must(["destroy", "--yes", "--skip-preview"]);
  });
});
