import assert from "node:assert/strict";
import type { DistributionClient, PushedImage } from "../../support/distribution-client.ts";
import { DISTRIBUTION_OPERATIONS, type Right } from "../../support/distribution-operations.ts";
import { LocalRegistry } from "../../support/local-registry.ts";
import { type MadeRegistry, makeRegistry, makeToken, makeUser } from "../../support/management.ts";

const ALL: readonly Right[] = ["pull", "push", "delete", "list"];

/** The table of `design/architecture.md`, "Who may do what". */
const PEOPLE: Readonly<Record<string, readonly Right[]>> = {
  owner: ALL,
  admin: ALL,
  developer: ALL,
  reader: ["pull", "list"],
};

/** What scopes say, and nothing besides. */
const TOKENS: Readonly<Record<string, readonly [readonly Right[], ...object[]]>> = {
  "no scope": [[]],
  pull: [["pull"], { type: "repository", name: "*", actions: ["pull"] }],
  "pull and push": [["pull", "push"], { type: "repository", name: "*", actions: ["pull", "push"] }],
  delete: [["delete"], { type: "repository", name: "*", actions: ["delete"] }],
  everything: [ALL, { type: "repository", name: "*", actions: ["*"] }],
  "another repository": [
    [],
    { type: "repository", name: "other", actions: ["pull", "push", "delete"] },
  ],
  "another name space": [
    [],
    { type: "namespace", name: "ap", actions: ["pull", "push", "delete"] },
  ],
  "listing what it names": [["list"], { type: "repository", name: "*", actions: ["list"] }],
  listing: [["list"], { type: "registry", name: "catalog", actions: ["*"] }],
};

describe("over the distribution API", () => {
  let local: LocalRegistry;
  let closed: PushedImage;
  let open: MadeRegistry;
  let opened: PushedImage;
  before(async () => {
    local = await LocalRegistry.start();
    closed = await local.client.pushImage("app", "v1");
    open = await makeRegistry(local.url, "open", { visibility: "public" });
    const credentials = await makeToken(local.url, open, "ci");
    opened = await local.client.with({ registry: open.name, credentials }).pushImage("app", "v1");
  });
  after(() => local.close());

  async function assertRights(
    client: DistributionClient,
    image: PushedImage,
    rights: readonly Right[],
    refusal: number,
  ): Promise<void> {
    for (const { name, right, ask } of DISTRIBUTION_OPERATIONS) {
      const { status, body } = await ask(client, "app", image);
      if (rights.includes(right)) {
        // What is not there, an upload or something to delete, is only looked for once it is clear that the caller may.
        assert.ok(status < 300 || status === 404, `${name}: ${status} ${body}`);
        assert.ok(right !== "pull" || status === 200, `${name}: ${status} ${body}`);
      } else {
        assert.equal(status, refusal, `${name}: ${body}`);
      }
    }
  }

  for (const [role, rights] of Object.entries(PEOPLE)) {
    it(`${role}s may ${rights.join(", ")}, in public registries too`, async () => {
      const credentials = await makeUser(local.url, `${role}@roles.example`, role);
      const client = local.client.with({ credentials });
      await assertRights(client, closed, rights, 403);
      await assertRights(client.with({ registry: open.name }), opened, rights, 403);
    });
  }

  for (const [name, [rights, ...scopes]] of Object.entries(TOKENS)) {
    it(`a token with the scope: ${name}`, async () => {
      const named = name.replaceAll(" ", "-");
      const properties = scopes as Parameters<typeof makeToken>[3];
      const credentials = await makeToken(local.url, local.registry, named, properties ?? []);
      await assertRights(local.client.with({ credentials }), closed, rights, 403);
    });
  }

  it("nobody without credentials may do anything, but pull from a public registry", async () => {
    const anyone = local.client.anonymous();
    await assertRights(anyone, closed, [], 401);
    await assertRights(anyone.with({ registry: open.name }), opened, ["pull"], 401);
  });
});
