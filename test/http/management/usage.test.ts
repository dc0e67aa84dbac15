import assert from "node:assert/strict";
import { artifact } from "@moorage/core/contract/artifact";
import { repository } from "@moorage/core/contract/repository";
import { token } from "@moorage/core/contract/token";
import { assertStatus, DistributionClient } from "../../support/distribution-client.ts";
import { eventually } from "../../support/eventually.ts";
import { LocalRegistry } from "../../support/local-registry.ts";
import { makeRegistry, makeToken, manage } from "../../support/management.ts";
import { answeredExactly } from "../../support/management-answer.ts";
import { RunningServer } from "../../support/running-server.ts";

/** Counts of a repository and of one artifact in it, as the management API shows them. */
async function countsOf(url: string, registryId: string, name: string, digest: string) {
  const path = `/registries/${registryId}/repositories/${encodeURIComponent(name)}`;
  const whole = await answeredExactly(await manage(url, "GET", path), 200, repository);
  const answer = await manage(url, "GET", `${path}/artifacts/${digest}`);
  const one = await answeredExactly(answer, 200, artifact);
  return { repository: whole.metadata, artifact: one.metadata };
}

describe("what the management API counts", () => {
  let local: LocalRegistry;
  before(async () => {
    local = await LocalRegistry.start();
  });
  after(() => local.close());

  const counts = (name: string, digest: string) =>
    countsOf(local.url, local.registry.id, name, digest);

  it("are pulls: one for each GET of a manifest, and none for anything else", async () => {
    const { client } = local;
    const { digest, bytes, layer } = await client.pushImage("team/app", "v1");
    const other = await client.pushImage("team/app", "other");
    for (const reference of ["v1", digest, "v1"]) {
      assert.deepEqual((await client.ask("GET", "team/app", `manifests/${reference}`)).body, bytes);
    }
    await client.ask("GET", "team/app", `manifests/${other.digest}`);
    const headers = { "if-none-match": `"${digest}"` };
    assertStatus(await client.ask("GET", "team/app", "manifests/v1", { headers }), 304);
    await client.ask("HEAD", "team/app", "manifests/v1");
    await client.ask("GET", "team/app", "manifests/unknown");
    await client.ask("GET", "team/app", "tags/list");
    await client.pushBlob("team/app", layer);
    await client.anonymous().ask("GET", "team/app", "manifests/v1");
    await local.context.usageNotes.flush();
    const found = await counts("team/app", digest);
    assert.equal(found.artifact.pullCount, 3);
    assert.equal(found.repository.pullCount, 4);
    assert.match(found.artifact.lastPulledAt ?? "", /Z$/);
    assert.ok((found.repository.lastPulledAt ?? "") >= (found.artifact.lastPulledAt ?? ""));
  });

  it("are pushes: at once, one for each PUT of a manifest, however many tags it has", async () => {
    const { client } = local;
    const { digest, bytes } = await client.pushImage("pushed", "v1");
    const first = await counts("pushed", digest);
    assert.deepEqual([first.artifact.pushCount, first.repository.pushCount], [1, 1]);
    const answer = await client.putManifest("pushed", "v2?tag=v3", bytes);
    assertStatus(answer, 201);
    await client.pushImage("pushed", "other");
    const then = await counts("pushed", digest);
    assert.deepEqual([then.artifact.pushCount, then.repository.pushCount], [2, 3]);
    assert.equal(then.artifact.createdDate, first.artifact.createdDate);
    assert.equal(then.repository.artifactCount, 2);
    assert.ok(then.artifact.lastPushedAt >= first.artifact.lastPushedAt);
    await client.putManifest("pushed", "refused", "{}");
    assert.equal((await counts("pushed", digest)).repository.pushCount, 3);
  });

  it("is when a token was last used, by itself or by what was issued for it", async () => {
    const made = await makeToken(local.url, local.registry, "rarely");
    const path = `/registries/${local.registry.id}/tokens/${made.id}`;
    const lastUsed = async () => {
      await local.context.usageNotes.flush();
      const answer = await manage(local.url, "GET", path);
      return (await answeredExactly(answer, 200, token)).properties.lastUsedAt;
    };
    assert.equal(await lastUsed(), null);
    const wrong = local.client.with({ credentials: { ...made, password: "wrong" } });
    await wrong.send("GET", "/v2/");
    assert.equal(await lastUsed(), null);
    assertStatus(await local.client.with({ credentials: made }).send("GET", "/v2/"), 200);
    const at = await lastUsed();
    assert.ok(Date.now() - Date.parse(at ?? "") < 60_000);
  });
});

describe("the counts of a server that stops", () => {
  let server: RunningServer;
  before(async () => {
    server = await RunningServer.start();
  });
  after(() => server.stop());

  it("are written before it ends, and by themselves while it runs", async () => {
    const registry = await makeRegistry(server.url, "shop");
    const credentials = await makeToken(server.url, registry, "ci");
    const client = new DistributionClient({
      url: server.url,
      registry: registry.name,
      credentials,
    });
    const { digest } = await client.pushImage("app", "v1");
    await Promise.all(Array.from({ length: 20 }, () => client.ask("GET", "app", "manifests/v1")));
    assert.equal(await server.kill("SIGTERM"), 0);
    await server.restart();
    const stopped = await countsOf(server.url, registry.id, "app", digest);
    assert.deepEqual([stopped.artifact.pullCount, stopped.repository.pullCount], [20, 20]);
    await client.ask("GET", "app", "manifests/v1");
    await eventually("the pull to be written", async () => {
      const { artifact: found } = await countsOf(server.url, registry.id, "app", digest);
      return found.pullCount === 21 ? true : undefined;
    });
  });
});
