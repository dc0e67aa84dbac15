import assert from "node:assert/strict";
import { readFile, writeFile } from "node:fs/promises";
import path from "node:path";
import { registriesResponse } from "@moorage/core/contract/registry";
import { z } from "zod";
import { manage } from "../support/management.ts";
import { PulumiStack } from "../support/pulumi-stack.ts";
import { RunningServer } from "../support/running-server.ts";

/*
 * `old-state/dynamic-provider.json` is what `pulumi stack export` wrote for PROGRAM when the provider was as in commit
 * e51a6d2, without the places in the source that the engine notes. It is never made anew: it stands for the
 * states that people have. Its token expires in a hundred years, so that no run finds its rotation due.
 */
const STATE = path.join(import.meta.dirname, "old-state", "dynamic-provider.json");
const PASSPHRASE = "a passphrase for tests only";

const program = (changes: { visibility?: string; description?: string; time?: string } = {}) => `
const registry = new Registry("shop", {
  location: "de/fra",
  visibility: "${changes.visibility ?? "public"}",
  apiSubnetAllowList: ["127.0.0.0/8"],
});
const { registryId } = registry;
new GCSchedule("weekly", { registryId, days: ["Sunday", "Wednesday"], time: "${changes.time ?? "03:30"}" });
const ci = new Token("ci", {
  registryId,
  scopes: [{ type: "repository", name: "*", actions: ["pull", "push"] }],
  expiresIn: "36500d",
  rotateBefore: "14d",
});
const deploy = new Token("deploy", {
  registryId,
  name: "deploy",
  scopes: [{ type: "namespace", name: "team/*", actions: ["pull"] }],
  description: "${changes.description ?? "pulls for the cluster"}",
  triggers: [1],
});
const robot = new Token("robot", { registryId });
const team = new Scope("team", { registryId, tokenId: robot.tokenId, name: "team/*", actions: ["pull"] });
export { registryId };
export const endpoint = registry.endpoint;
export const ciId = ci.tokenId;
export const password = ci.password;
export const scopeId = team.scopeId;
`;

const PROGRAM = program();

const exported = z.object({
  deployment: z.object({
    resources: z.array(
      z.object({
        urn: z.string(),
        id: z.string().optional(),
        outputs: z.record(z.string(), z.unknown()).optional(),
      }),
    ),
  }),
});

/** What the state holds of one resource. */
interface Held {
  readonly id: string;
  readonly outputs: Readonly<Record<string, unknown>>;
}

// One story: each step needs the ones before it.
describe("a stack that an older provider deployed", function () {
  this.timeout(300_000);
  let server: RunningServer;
  let stack: PulumiStack;
  before(async () => {
    server = await RunningServer.start();
    stack = await PulumiStack.create(server.url, [], PASSPHRASE);
  });
  after(async () => {
    await stack?.[Symbol.asyncDispose]();
    await server.stop();
  });

  const make = async (method: string, where: string, properties: unknown): Promise<string> => {
    const answer = await manage(server.url, method, where, { properties });
    const text = await answer.text();
    assert.equal(answer.status, 201, text);
    return JSON.parse(text).id;
  };

  /** Puts onto the server what the state speaks of, under the ids that stand there; returns the scope's id, which is new. */
  const seed = async (held: (name: string) => Held): Promise<string> => {
    const [shop, weekly] = [held("Registry::shop"), held("GCSchedule::weekly")];
    const { name, location, visibility, apiSubnetAllowList } = shop.outputs;
    const { days, time } = weekly.outputs;
    const registry = `/registries/${shop.id}`;
    const garbageCollectionSchedule = { days, time };
    const settings = { visibility, apiSubnetAllowList, garbageCollectionSchedule };
    await make("PUT", registry, { name, location, ...settings });
    for (const each of ["ci", "deploy", "robot"]) {
      const { id, outputs } = held(`Token::${each}`);
      const { name: called, scopes = [], expiryDate = null, description = "" } = outputs;
      const properties = { name: called, scopes, expiryDate, description };
      await make("PUT", `${registry}/tokens/${id}`, properties);
    }
    const { type, name: pattern, actions } = held("Scope::team").outputs;
    const scopes = `${registry}/tokens/${held("Token::robot").id}/scopes`;
    return await make("POST", scopes, { type, name: pattern, actions });
  };

  it("is read as it was written", async () => {
    const text = await readFile(STATE, "utf8");
    const { resources } = exported.parse(JSON.parse(text)).deployment;
    const held = (name: string): Held => {
      const found = resources.find(({ urn }) => urn.endsWith(`:${name}`));
      assert.ok(found?.id !== undefined && found.outputs !== undefined, name);
      return { id: found.id, outputs: found.outputs };
    };
    const scope = await seed(held);
    const file = path.join(stack.folder, "state.json");
    await writeFile(file, text.replaceAll(held("Scope::team").id, scope));
    await stack.must(["stack", "import", "--file", file]);
    await stack.write(PROGRAM);
    const { ciId, scopeId, password = "" } = await stack.outputs();
    assert.deepEqual([ciId, scopeId], [held("Token::ci").id, scope]);
    assert.ok(password.length >= 20, "its secret can be decrypted");
  });

  it("previews without changes, and has nothing to do", async () => {
    await stack.must(["preview", "--expect-no-changes"]);
    assert.deepEqual(await stack.up(), { same: 7 });
    assert.deepEqual(await stack.up("--refresh"), { same: 7 });
  });

  it("updates in place, and keeps its secrets", async () => {
    const before = await stack.outputs();
    await stack.write(program({ visibility: "private", description: "pulls", time: "04:00" }));
    assert.deepEqual(await stack.up(), { update: 3, same: 4 });
    const after = await stack.outputs();
    assert.deepEqual([after["ciId"], after["password"]], [before["ciId"], before["password"]]);
    const { items } = registriesResponse.parse(
      await (await manage(server.url, "GET", "/registries")).json(),
    );
    assert.equal(items?.[0]?.properties.visibility, "private");
    assert.equal(items?.[0]?.properties.garbageCollectionSchedule?.time, "04:00");
  });

  it("is destroyed, and leaves nothing behind", async () => {
    await stack.must(["destroy", "--yes", "--skip-preview"]);
    const left = await (await manage(server.url, "GET", "/registries")).json();
    assert.deepEqual(registriesResponse.parse(left).items, []);
  });
});
