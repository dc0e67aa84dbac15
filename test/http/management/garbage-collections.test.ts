import assert from "node:assert/strict";
import {
  garbageCollectionRun,
  garbageCollectionRunsResponse,
} from "@moorage/core/contract/garbage-collection";
import { registry as registryAnswer } from "@moorage/core/contract/registry";
import { collectGarbage } from "../../../provider/server/src/app/collect-garbage.ts";
import type { Context } from "../../../provider/server/src/app/context.ts";
import { digestOf, someContent } from "../../support/content.ts";
import { assertStatus } from "../../support/distribution-client.ts";
import { LocalRegistry } from "../../support/local-registry.ts";
import { manage } from "../../support/management.ts";

const GRACE = 60_000;
const UNKNOWN = "7d3c1f0a-5a53-4f0e-9d6c-0a3c5d2f1b10";

describe("the garbage collections of a registry", () => {
  let local: LocalRegistry;
  let ahead = 0;

  before(async () => {
    local = await LocalRegistry.start({
      adapt: (context): Context => ({
        ...context,
        clock: { now: () => Date.now() + ahead },
        settings: {
          ...context.settings,
          garbageGraceMilliseconds: GRACE,
          readOnlyWaitMilliseconds: 100,
        },
      }),
    });
  });
  after(() => local.close());

  const path = (rest = "") => `/registries/${local.registryId}/garbage-collections${rest}`;
  const json = async (answer: Response, status: number): Promise<unknown> => {
    const text = await answer.text();
    assert.equal(answer.status, status, text);
    return JSON.parse(text);
  };
  const start = async (body?: object) => {
    const answer = await manage(local.url, "POST", path(), body);
    const run = garbageCollectionRun.parse(await json(answer, 202));
    assert.equal(answer.headers.get("location"), run.href);
    assert.ok(run.href?.endsWith(path(`/${run.id}`)));
    return run;
  };
  const find = async (id: string) =>
    garbageCollectionRun.parse(await json(await manage(local.url, "GET", path(`/${id}`)), 200));
  const registry = async () =>
    registryAnswer.parse(
      await json(await manage(local.url, "GET", `/registries/${local.registryId}`), 200),
    );

  it("are none at first, and stand in the registry once there is one", async () => {
    const list = await json(await manage(local.url, "GET", path()), 200);
    assert.deepEqual(garbageCollectionRunsResponse.parse(list).items, []);
    assert.equal((await registry()).properties.garbageCollection, null);
  });

  it("count, then free, and say so everywhere", async () => {
    const layer = someContent();
    await local.client.pushBlob("app", layer);
    const { layer: kept } = await local.client.pushImage("app", "1");
    ahead += GRACE + 1;
    const dry = await start({ dryRun: true });
    assert.equal(dry.metadata.state, "Running");
    await collectGarbage(local.context);
    const used = (await registry()).properties.storageUsage?.bytes ?? 0;
    const counted = await find(dry.id);
    const figures = { blobsDeleted: 1, bytesFreed: layer.byteLength };
    const counts = { manifestsDeleted: 0, ...figures };
    assert.deepEqual(counted.properties, { trigger: "request", dryRun: true, ...counts });
    assert.equal(counted.metadata.state, "Succeeded");
    assertStatus(await local.client.ask("GET", "app", `blobs/${digestOf(layer)}`), 200);

    ahead += GRACE + 1;
    const run = await start();
    assert.equal((await start()).id, run.id, "a run under way is the one that is asked for");
    await collectGarbage(local.context);
    const ended = await find(run.id);
    assert.deepEqual(ended.properties, { trigger: "request", dryRun: false, ...counts });
    assert.ok((ended.metadata.readOnlyMilliseconds ?? -1) >= 0);
    assertStatus(await local.client.ask("GET", "app", `blobs/${digestOf(layer)}`), 404);
    assertStatus(await local.client.ask("GET", "app", `blobs/${digestOf(kept)}`), 200);

    const { properties, metadata } = await registry();
    assert.equal(properties.storageUsage?.bytes, used - layer.byteLength);
    assert.equal(metadata.state, "Running");
    assert.deepEqual(properties.garbageCollection, {
      state: "Succeeded",
      startedAt: ended.metadata.startedAt,
      finishedAt: ended.metadata.finishedAt,
      ...figures,
      nextRunAt: null,
    });
    const list = await json(await manage(local.url, "GET", path()), 200);
    assert.deepEqual(
      garbageCollectionRunsResponse.parse(list).items.map(({ id }) => id),
      [run.id, dry.id],
    );
  });

  it("make a push wait, and then tell it to come back: 503 with Retry-After", async () => {
    const image = await local.client.pushImage("app", "2");
    const { garbage } = local.context.metadata;
    await garbage.holdReadOnly(local.registryId, Date.now() + ahead + 60_000);
    assert.equal((await registry()).metadata.state, "GarbageCollection");
    for (const answer of [
      await local.client.putManifest("app", "3", image.bytes),
      await local.client.ask("POST", "app", "blobs/uploads/"),
      await local.client.ask("DELETE", "app", "manifests/2"),
    ]) {
      assertStatus(answer, 503);
      assert.match(answer.headers["retry-after"] ?? "", /^[1-9]\d*$/);
    }
    assertStatus(await local.client.ask("GET", "app", "manifests/2"), 200);
    await garbage.holdReadOnly(local.registryId, undefined);
    assertStatus(await local.client.putManifest("app", "3", image.bytes), 201);
  });

  it("tell when the schedule starts the next one", async () => {
    const garbageCollectionSchedule = { days: ["Sunday"], time: "03:30:00Z" };
    const patch = { garbageCollectionSchedule };
    await json(await manage(local.url, "PATCH", `/registries/${local.registryId}`, patch), 200);
    const next = (await registry()).properties.garbageCollection?.nextRunAt ?? "";
    assert.match(next, /T03:30:00(?:\.000)?Z$/);
    assert.equal(new Date(next).getUTCDay(), 0);
  });

  it("are refused where there is none, and for what cannot be understood", async () => {
    for (const [method, where, body, status] of [
      ["GET", path(`/${UNKNOWN}`), undefined, 404],
      ["GET", path("/nonsense"), undefined, 400],
      ["GET", `/registries/${UNKNOWN}/garbage-collections`, undefined, 404],
      ["POST", `/registries/${UNKNOWN}/garbage-collections`, {}, 404],
      ["POST", path(), { dryRun: "yes" }, 400],
      ["POST", path(), { wet: true }, 400],
    ] as const) {
      await json(await manage(local.url, method, where, body), status);
    }
  });
});
