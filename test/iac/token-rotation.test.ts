import assert from "node:assert/strict";
import { existsSync, readFileSync } from "node:fs";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { tokensResponse } from "@moorage/core/contract/token";
import { basic, type Credentials, manage } from "../support/management.ts";
import { PulumiStack } from "../support/pulumi-stack.ts";
import { RunningServer } from "../support/running-server.ts";

/**
 * A registry, a token, and a resource that depends on it and hands it to its user: it writes the
 * credentials to a file, as a deployment would hand a pull secret to a cluster.
 */
function program(file: string, token: { name?: string; rotateBefore: string }): string {
  const fixed = token.name === undefined ? "" : `name: "${token.name}",`;
  return `
const file = ${JSON.stringify(file)};
const deliver = async (inputs: { username: string; password: string }) => {
  const fs = await import("node:fs/promises");
  await fs.writeFile(file + ".new", JSON.stringify(inputs));
  await fs.rename(file + ".new", file);
};
class Delivery extends pulumi.dynamic.Resource {
  constructor(name: string, args: { username: pulumi.Input<string>; password: pulumi.Input<string> }) {
    const provider = {
      async create({ username, password }: { username: string; password: string }) {
        await deliver({ username, password });
        return { id: "delivery", outs: { username, password } };
      },
      async update(_: string, __: unknown, { username, password }: { username: string; password: string }) {
        await deliver({ username, password });
        return { outs: { username, password } };
      },
    };
    super(provider, name, args);
  }
}
const registry = new Registry("shop", { location: "de/fra" });
const ci = new Token("ci", {
  registryId: registry.registryId,
  ${fixed}
  scopes: [{ type: "repository", name: "*", actions: ["pull"] }],
  expiresIn: "2h",
  rotateBefore: "${token.rotateBefore}",
});
new Delivery("delivery", { username: ci.username, password: ci.password });
export const registryId = registry.registryId;
export const tokenId = ci.tokenId;
export const password = ci.password;
export const expiryDate = ci.expiryDate;
`;
}

describe("the rotation of a token", function () {
  this.timeout(300_000);
  let server: RunningServer;
  let stack: PulumiStack;
  let file: string;
  beforeEach(async () => {
    server = await RunningServer.start();
    stack = await PulumiStack.create(server.url);
    file = path.join(await stack.shared(), "credentials.json");
  });
  afterEach(async () => {
    await stack[Symbol.asyncDispose]();
    await server.stop();
  });

  const statusFor = async (credentials: Credentials): Promise<number> => {
    const answer = await fetch(`${server.url}/v2/`, {
      headers: { authorization: basic(credentials) },
    });
    await answer.arrayBuffer();
    return answer.status;
  };
  const delivered = (): Credentials => JSON.parse(readFileSync(file, "utf8"));

  /** A client that uses what was delivered last, again and again, for as long as the work takes. */
  const whileInUse = async (work: () => Promise<unknown>): Promise<Map<number, number>> => {
    const statuses = new Map<number, number>();
    const running = { done: false };
    const use = async (): Promise<void> => {
      while (!running.done) {
        const status = await statusFor(delivered());
        statuses.set(status, (statuses.get(status) ?? 0) + 1);
        await sleep(10);
      }
    };
    const user = use();
    await work().finally(() => {
      running.done = true;
    });
    await user;
    return statuses;
  };

  it("makes the new one first, tells its users, and deletes the old one last", async () => {
    await stack.write(program(file, { rotateBefore: "30m" }));
    assert.deepEqual(await stack.up(), { create: 4 });
    const old = delivered();
    const first = await stack.outputs();
    assert.deepEqual(await stack.up(), { same: 4 });

    await stack.write(program(file, { rotateBefore: "119m59s" }));
    const statuses = await whileInUse(async () => {
      await stack.up();
    });
    assert.deepEqual([...statuses.keys()], [200]);
    assert.deepEqual(await stack.lastChanges(), { replace: 1, update: 1, same: 2 });
    const second = await stack.outputs();
    assert.notEqual(second["tokenId"], first["tokenId"]);
    assert.equal(delivered().password, second["password"]);
    assert.deepEqual([await statusFor(old), await statusFor(delivered())], [401, 200]);
    const tokens = await manage(server.url, "GET", `/registries/${second["registryId"]}/tokens`);
    assert.equal(tokensResponse.parse(await tokens.json()).total, 1);
  });

  it("recreates a token that was deleted behind the stack's back", async () => {
    await stack.write(program(file, { rotateBefore: "30m" }));
    await stack.up();
    for (const args of [["--refresh"], []]) {
      const { registryId, tokenId } = await stack.outputs();
      await manage(server.url, "DELETE", `/registries/${registryId}/tokens/${tokenId}`);
      assert.equal(await statusFor(delivered()), 401);
      await stack.up(...args);
      assert.equal(await statusFor(delivered()), 200);
      assert.notEqual((await stack.outputs())["tokenId"], tokenId);
    }
  });

  it("keeps a fixed name, gives it a new secret, and lets the old one work on", async () => {
    await stack.write(program(file, { name: "fixed", rotateBefore: "30m" }));
    await stack.up();
    const old = delivered();
    const first = await stack.outputs();
    await stack.write(program(file, { name: "fixed", rotateBefore: "119m59s" }));
    assert.deepEqual(await stack.up(), { update: 2, same: 2 });
    assert.ok(existsSync(file));
    assert.equal(delivered().username, "fixed");
    assert.notEqual(delivered().password, old.password);
    assert.deepEqual([await statusFor(old), await statusFor(delivered())], [200, 200]);
    assert.equal((await stack.outputs())["tokenId"], first["tokenId"]);
  });
});
