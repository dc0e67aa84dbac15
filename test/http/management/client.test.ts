import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { type Client, createClient } from "@moorage/core/client/client";
import type { PushedImage } from "../../support/distribution-client.ts";
import { eventually } from "../../support/eventually.ts";
import { OWNER } from "../../support/management.ts";
import { type RegistryUnderTest, startRegistry } from "../../support/registry-under-test.ts";

async function collect<Item>(items: AsyncIterable<Item>): Promise<Item[]> {
  const collected: Item[] = [];
  for await (const item of items) {
    collected.push(item);
  }
  return collected;
}

describe("the client of the management API, against a server,", () => {
  let under: RegistryUnderTest;
  let client: Client;
  let image: PushedImage;
  const pageSize = 1;
  before(async () => {
    under = await startRegistry();
    image = await under.client.pushImage("team/app", "v1");
    await under.client.pushImage("team/app", "v2");
    await under.client.pushImage("other", "v1");
    client = createClient({ endpoint: under.server.url, ...OWNER });
  });
  after(async () => {
    await client.close();
    await under.server.stop();
  });

  it("manages people", async () => {
    const { id, properties } = await client.users.create({
      email: "ada@moorage.example",
      role: "reader",
    });
    assert.ok((properties.password ?? "").length > 20);
    assert.equal((await client.users.get(id))?.properties.role, "reader");
    const currentPassword = properties.password ?? "";
    const ada = (password: string) =>
      createClient({ endpoint: under.server.url, username: "ada@moorage.example", password });
    const before = ada(currentPassword);
    assert.equal((await before.users.me())?.id, id);
    await before.users.changeOwnPassword({ currentPassword, newPassword: "another one now" });
    await before.close();
    const after = ada("another one now");
    assert.equal((await after.users.me())?.id, id);
    await after.close();
    const changed = await client.users.patch(id, { role: "developer" }, { ifMatch: "2" });
    assert.equal(changed.metadata.etag, "3");
    const stale = client.users.patch(id, { role: "reader" }, { ifMatch: "1" });
    await assert.rejects(stale, { code: "changed-meanwhile" });
    const listed = await collect(client.users.list({ pageSize }));
    assert.deepEqual(
      listed.map((each) => each.properties.email),
      ["ada@moorage.example", OWNER.username],
    );
    assert.equal(await client.users.delete(id), true);
    assert.equal(await client.users.delete(id), false);
    assert.equal(await client.users.get(id), undefined);
  });

  it("shows the organization", async () => {
    const { properties } = await client.organization();
    assert.equal(properties.contractNumber, 1);
    assert.equal(properties.usage[0]?.registryName, under.registry.name);
  });

  it("browses repositories, tags and folders", async () => {
    const { id } = under.registry;
    const repositories = await collect(client.repositories.list(id, { orderBy: "name", pageSize }));
    assert.deepEqual(
      repositories.map((each) => each.properties.name),
      ["other", "team/app"],
    );
    const tags = await collect(client.repositories.tags(id, "team/app", { pageSize }));
    assert.deepEqual(
      tags.map(({ tag }) => tag),
      ["v1", "v2"],
    );
    const top = await collect(client.repositories.tree(id, "", { pageSize }));
    assert.deepEqual(
      top.map(({ type, name }) => `${type} ${name}`),
      ["repository other", "folder team"],
    );
    const [below] = await collect(client.repositories.tree(id, "team/"));
    assert.equal(below?.path, "team/app");
  });

  it("lists, shows and deletes artifacts", async () => {
    const { id } = under.registry;
    assert.equal((await collect(client.artifacts.listAll(id, { pageSize }))).length, 3);
    const listed = await collect(client.artifacts.list(id, "team/app", { orderBy: "lastPush" }));
    assert.equal(listed[0]?.id, image.digest);
    const shown = await client.artifacts.get(id, "team/app", image.digest);
    assert.deepEqual(shown?.properties.tags, ["v1"]);
    const found = client.artifacts.vulnerabilities(id, "team/app", image.digest);
    assert.deepEqual(await collect(found), []);
    assert.equal(await client.vulnerability("CVE-2026-0001"), undefined);
    assert.equal(await client.artifacts.delete(id, "team/app", image.digest), true);
    assert.equal(await client.artifacts.delete(id, "team/app", image.digest), false);
    assert.equal(await client.artifacts.get(id, "team/app", image.digest), undefined);
  });

  it("says how a token logs in", async () => {
    const login = await client.tokens.credentials(under.registry.id, under.token.id);
    assert.equal(login?.username, under.token.username);
    const none = await client.tokens.credentials(under.registry.id, randomUUID());
    assert.equal(none, undefined);
  });

  it("starts garbage collections and follows them", async () => {
    const { id } = under.registry;
    const run = await client.garbageCollections.start(id, { dryRun: true });
    assert.equal(run.properties.dryRun, true);
    const done = await eventually("the run to end", async () => {
      const seen = await client.garbageCollections.get(id, run.id);
      return seen?.metadata.state === "Running" ? undefined : seen;
    });
    assert.equal(done.metadata.state, "Succeeded");
    assert.deepEqual(await client.garbageCollections.list(id), [done]);
    assert.equal(await client.garbageCollections.get(id, randomUUID()), undefined);
  });
});
