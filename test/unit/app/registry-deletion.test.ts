import assert from "node:assert/strict";
import {
  createRegistry,
  createRegistryAt,
} from "../../../provider/server/src/app/create-registry.ts";
import { deleteRegistry } from "../../../provider/server/src/app/delete-registry.ts";
import { expireUploads } from "../../../provider/server/src/app/expire-uploads.ts";
import { sweepRegistries } from "../../../provider/server/src/app/sweep-registries.ts";
import type { RegistryId, StorageKey } from "../../../provider/server/src/domain/ids.ts";
import { UPLOAD_IDLE_MILLISECONDS_MAX } from "../../../provider/server/src/domain/limits.ts";
import { parseRepositoryName } from "../../../provider/server/src/domain/repository-name.ts";
import { type Application, startApplication } from "../../support/application.ts";
import { registryDraft } from "./drafts.ts";

describe("what a registry leaves on the disk", () => {
  let application: Application;
  let registryId: RegistryId;
  beforeEach(async () => {
    application = await startApplication();
    const { context, owner } = application;
    registryId = (await createRegistry(context, owner, registryDraft())).registry.id;
  });
  afterEach(() => application.close());

  const repository = parseRepositoryName("team/app");
  /** Begins an upload and writes some bytes of it. */
  const upload = async (id: RegistryId) => {
    const { context, clock } = application;
    const storageKey = context.ids.storageKey();
    const now = clock.now();
    const session = {
      id: context.ids.uploadId(),
      registryId: id,
      repository,
      startedBy: "user:1",
      storageKey,
      offset: 0,
      startedAt: now,
      touchedAt: now,
    };
    await context.metadata.uploads.create(session, 10);
    await write(id, storageKey);
    return session;
  };
  const write = async (id: RegistryId, key: StorageKey) => {
    const appender = await application.context.blobs.append(id, key, 0);
    await appender.write(new Uint8Array(1000));
    await appender.finish();
    await appender.close();
  };
  const keysOf = async (id: RegistryId) => {
    const keys: StorageKey[] = [];
    for await (const key of application.context.blobs.keys(id)) {
      keys.push(key);
    }
    return keys;
  };
  const registries = async () => {
    const ids: RegistryId[] = [];
    for await (const id of application.context.blobs.registries()) {
      ids.push(id);
    }
    return ids;
  };

  it("is nothing once it is deleted", async () => {
    const { context, owner } = application;
    await upload(registryId);
    await deleteRegistry(context, owner, registryId, undefined);
    assert.deepEqual(await keysOf(registryId), []);
    await sweepRegistries(context);
    assert.deepEqual(await registries(), []);
  });

  it("is swept up later when its bytes cannot be removed with it", async () => {
    const { context, owner, events } = application;
    const { storageKey } = await upload(registryId);
    const remove = async () => {
      throw new Error("the disk is on strike");
    };
    const striking = new Proxy(context.blobs, {
      get(target, name) {
        const member = Reflect.get(target, name, target);
        if (name === "remove") {
          return remove;
        }
        return typeof member === "function" ? member.bind(target) : member;
      },
    });
    await deleteRegistry({ ...context, blobs: striking }, owner, registryId, undefined);
    assert.equal(events.named("registry-bytes-left-behind").length, 1);
    assert.deepEqual(await keysOf(registryId), [storageKey]);

    assert.equal(await sweepRegistries(context), 1);
    assert.deepEqual(await registries(), []);
  });

  it("stays while the registry exists", async () => {
    const { context } = application;
    const { storageKey } = await upload(registryId);
    assert.equal(await sweepRegistries(context), 0);
    assert.deepEqual(await keysOf(registryId), [storageKey]);
  });

  it("does not take what a new registry under the same id has written", async () => {
    const { context, owner } = application;
    await upload(registryId);
    const { metadata } = context;
    // The second half of a deletion runs late: the id is in use again, and a push has begun.
    await metadata.registries.remove(owner.organizationId, registryId);
    context.keys.forget(registryId);
    await createRegistryAt(context, owner, registryId, registryDraft());
    const { storageKey } = await upload(registryId);
    const late = {
      ...context,
      metadata: new Proxy(metadata, {
        get(target, name) {
          const registriesOfLate = {
            find: () => target.registries.find(owner.organizationId, registryId),
            remove: async () => true,
          };
          return name === "registries" ? registriesOfLate : Reflect.get(target, name, target);
        },
      }),
    };
    await deleteRegistry(late, owner, registryId, undefined);
    assert.deepEqual(await keysOf(registryId), [storageKey]);
  });

  it("is less by the uploads that nobody has gone on with for a day", async () => {
    const { context, clock } = application;
    const stale = await upload(registryId);
    clock.advance(UPLOAD_IDLE_MILLISECONDS_MAX / 2);
    const fresh = await upload(registryId);
    clock.advance(UPLOAD_IDLE_MILLISECONDS_MAX / 2 + 1);
    assert.equal(await expireUploads(context), 1);
    assert.deepEqual(await keysOf(registryId), [fresh.storageKey]);
    const { uploads } = context.metadata;
    assert.equal(await uploads.find(registryId, repository, stale.id), undefined);
    assert.notEqual(await uploads.find(registryId, repository, fresh.id), undefined);
    assert.equal(await expireUploads(context), 0);
  });
});
