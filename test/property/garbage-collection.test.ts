import assert from "node:assert/strict";
import fc from "fast-check";
import { collectGarbage } from "../../provider/server/src/app/collect-garbage.ts";
import { createRegistry } from "../../provider/server/src/app/create-registry.ts";
import { startCollection } from "../../provider/server/src/app/start-collection.ts";
import { sweepOrphans } from "../../provider/server/src/app/sweep-orphans.ts";
import type { RegistryId } from "../../provider/server/src/domain/ids.ts";
import { parseRepositoryName } from "../../provider/server/src/domain/repository-name.ts";
import { startApplication } from "../support/application.ts";
import { collect } from "../support/collect.ts";
import { ContentInProcess } from "../support/content-in-process.ts";
import { commandsOn, GRACE, type World } from "../support/garbage-model.ts";
import { registryDraft } from "../unit/app/drafts.ts";

describe("garbage collection", function () {
  this.timeout(120_000);

  it("loses nothing that is referred to or promised, and frees everything else", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.commands(commandsOn(), { maxCommands: 40, size: "max" }),
        async (commands) => {
          const world = await makeWorld();
          try {
            await fc.asyncModelRun(() => ({ model: {}, real: world }), commands);
            await checkEnd(world);
          } finally {
            await world.close();
          }
        },
      ),
      { numRuns: 25 },
    );
  });
});

interface ClosableWorld extends World {
  close(): Promise<void>;
}

async function makeWorld(): Promise<ClosableWorld> {
  const application = await startApplication();
  const { owner, clock } = application;
  // A push under way waits for the collector, however busy the machine is.
  const settings = { ...application.context.settings, readOnlyWaitMilliseconds: 60_000 };
  const context = { ...application.context, settings };
  const { registry } = await createRegistry(context, owner, registryDraft());
  const content = new ContentInProcess(context, owner, registry.name);
  return {
    content,
    now: () => clock.now(),
    pass: (milliseconds) => clock.advance(milliseconds),
    collect: () => collectOnce(application, registry.id),
    peek: async (repository, digest) =>
      (await context.metadata.blobs.find(registry.id, parseRepositoryName(repository), digest)) !==
      undefined,
    told: new Map(),
    images: new Map(),
    uploads: [],
    usage: async () =>
      (await context.metadata.registries.usage(owner.organizationId, registry.id)).bytes,
    objects: async () => {
      // Bytes that a push of the same content has displaced are the sweep's.
      await sweepOrphans({ ...context, clock: { now: () => Date.now() + 2 * GRACE } });
      return (await collect(context.blobs.keys(registry.id))).length;
    },
    close: () => application.close(),
  };
}

async function collectOnce(
  { context, owner }: Awaited<ReturnType<typeof startApplication>>,
  registryId: RegistryId,
): Promise<void> {
  const { id } = await startCollection(context, owner, registryId, false);
  await collectGarbage(context);
  const run = await context.metadata.collections.find(registryId, id);
  assert.equal(run?.phase, "succeeded");
}

/** When all is deleted and forgotten, nothing is left. */
async function checkEnd(world: World): Promise<void> {
  for (const [name, { repository, digest }] of world.images) {
    await world.content.delete(repository, digest);
    world.images.delete(name);
  }
  for (const { repository, id, bytes } of world.uploads.splice(0)) {
    await world.content.finishUpload(repository, id, bytes);
  }
  world.pass(GRACE + 1);
  await world.collect();
  assert.equal(await world.usage(), 0);
  assert.equal(await world.objects(), 0);
}
