import assert from "node:assert/strict";
import { CompiledQuery } from "kysely";
import type {
  SqlDatabase,
  SqlSession,
} from "../../../provider/server/src/adapters/metadata-sql/sql-database.ts";
import { SqlMetadataStore } from "../../../provider/server/src/adapters/metadata-sql/sql-metadata-store.ts";
import { SqliteDatabase } from "../../../provider/server/src/adapters/metadata-sqlite/sqlite-database.ts";
import type { Registry } from "../../../provider/server/src/domain/registry.ts";
import type { AuditFilter } from "../../../provider/server/src/ports/audit-log.ts";
import {
  APP,
  digestFor,
  imageOf,
  inlineBlob,
  makePerson,
  makeScope,
  makeToken,
  makeUpload,
  NOW,
  newSecretHash,
  newTokenId,
  ORGANIZATION,
  OWNER,
  populate,
  SIGNATURE,
  tag,
} from "../../support/metadata-samples.ts";
import { newStorageKey } from "../../support/storage-names.ts";

describe("the queries of the metadata store", () => {
  let database: SqliteDatabase;
  let store: SqlMetadataStore;
  let registry: Registry;
  let executed: CompiledQuery<unknown>[];

  beforeEach(async () => {
    executed = [];
    database = await SqliteDatabase.open(":memory:");
    store = new SqlMetadataStore(observed(database, executed));
    await store.migrate();
    registry = await populate(store);
    executed.length = 0;
  });
  afterEach(() => database.close());

  /** The steps that SQLite takes for everything that was executed. */
  async function plans(): Promise<string[]> {
    const queries = executed.splice(0);
    assert.notEqual(queries.length, 0, "nothing was executed");
    const steps = await Promise.all(
      queries.map(({ sql, parameters }) =>
        database.reader.execute<{ detail: string }>(
          CompiledQuery.raw(`explain query plan ${sql}`, [...parameters]),
        ),
      ),
    );
    return steps.flatMap(({ rows }) => rows.map(({ detail }) => detail));
  }

  const lists: Readonly<Record<string, readonly [RegExp, () => Promise<unknown>]>> = {
    "registries by name": [
      /registries_of_organization \(organization_key=\? AND name>\?\)/,
      () => store.registries.list(ORGANIZATION.id, { nameContains: "a", after: "b", limit: 10 }),
    ],
    repositories: [
      /repositories_in_catalog \(registry_key=\? AND name>\?\)/,
      () => store.repositories.list(registry.id, { after: "b", limit: 10 }),
    ],
    tags: [
      /tags USING PRIMARY KEY \(repository_key=\? AND name>\?\)/,
      () => store.repositories.tags(registry.id, APP, { after: "b", limit: 10 }),
    ],
    referrers: [
      /referrers \(repository_key=\? AND subject_digest=\? AND digest>\?\)/,
      () => referrers(undefined),
    ],
    "referrers of a type": [
      /\(repository_key=\? AND subject_digest=\? AND artifact_type=\? AND digest>\?\)/,
      () => referrers("application/a"),
    ],
    tokens: [
      /tokens_in_order \(registry_key=\?\)/,
      () => store.tokens.list(registry.id, { offset: 10, limit: 10 }),
    ],
    "repositories by their last push": [
      /repositories_by_push \(registry_key=\?\)/,
      () => store.content.repositories(registry.id, { ...FIRST, orderBy: "lastPush" }, "a"),
    ],
    "repositories to browse by name": [
      /SEARCH repositories USING INDEX \w+ \(registry_key=\?\)/,
      () => store.content.repositories(registry.id, { ...FIRST, orderBy: "name" }),
    ],
    "artifacts of a registry by their pulls": [
      /manifests_by_pulls \(registry_key=\?\)/,
      () => store.content.artifacts(registry.id, { ...FIRST, orderBy: "pullCount" }),
    ],
    "artifacts of a repository by their last push": [
      /manifests_by_push \(repository_key=\?\)/,
      () => store.content.artifactsOf(registry.id, APP, { ...FIRST, orderBy: "lastPush" }),
    ],
    "tags to browse": [
      /tags USING PRIMARY KEY \(repository_key=\? AND name>\?\)/,
      () => store.content.tags(registry.id, APP, { after: "b", limit: 10 }),
    ],
    "steps of a tree": [
      /repositories_in_catalog \(registry_key=\? AND name>\? AND name<\?\)/,
      () => store.content.tree(registry.id, "a/", { limit: 10 }),
    ],
    "what registries store": [
      /registries_of_organization \(organization_key=\?\)/,
      () => store.content.bytesByRegistry(ORGANIZATION.id, 10),
    ],
    people: [
      /users_of_organization \(organization_key=\? AND email_folded>\?\)/,
      () => store.users.list(ORGANIZATION.id, { after: "b", limit: 10 }),
    ],
    organizations: [
      /organizations USING INDEX \w+ \(contract_number>\?\)/,
      () => store.organizations.list({ after: 1, limit: 10 }),
    ],
    "events in time": [/audit_events_in_time \(organization_id=\? AND at<\?\)/, () => events({})],
    "events since a moment": [
      /audit_events_in_time \(organization_id=\? AND at>\?/,
      () => events({ since: NOW }),
    ],
    "events of a registry": [
      /audit_events_of_registry \(organization_id=\? AND registry_id=\?/,
      () => events({ registryId: registry.id }),
    ],
    "events of an action": [
      /audit_events_by_action \(organization_id=\? AND action=\?/,
      () => events({ action: "token.create" }),
    ],
    "events of somebody by name": [
      /audit_events_by_actor \(organization_id=\? AND actor_name=\?/,
      () => events({ actorName: "x" }),
    ],
    "events of somebody by id": [
      /audit_events_by_actor_id \(organization_id=\? AND actor_id=\?/,
      () => events({ actorId: OWNER.id }),
    ],
    "events that are too old": [
      /audit_events_in_time \(organization_id=\? AND at<\?\)/,
      () => store.audit.removeBefore(ORGANIZATION.id, NOW, 10, () => assert.fail("none is")),
    ],
    "expired tokens": [/tokens_by_expiry/, () => store.tokens.removeExpired(NOW, 10)],
    "idle uploads": [/uploads_by_use/, () => store.uploads.removeIdle(NOW, 10)],
    "uploads that ended long ago": [
      /ended_uploads USING PRIMARY KEY \(started_at<\?\)/,
      () => store.uploads.forgetEnded(NOW, 10),
    ],
    "blobs' storage keys": [
      /blobs_by_storage_key \(storage_key=\?\)/,
      () => store.blobs.unreferenced(registry.id, [newStorageKey()]),
    ],
    "uploads' storage keys": [
      /uploads_by_storage_key \(storage_key=\?\)/,
      () => store.blobs.unreferenced(registry.id, [newStorageKey()]),
    ],
  };

  function referrers(artifactType: string | undefined): Promise<unknown> {
    const filter = { artifactType };
    return store.manifests.referrers(registry.id, APP, digestFor("x"), filter, PAGE);
  }

  function events(filter: Partial<AuditFilter>): Promise<unknown> {
    const after = { at: NOW, key: 7 };
    return store.audit.list(ORGANIZATION.id, { isOldestFirst: false, after, limit: 10, ...filter });
  }

  for (const [name, [index, list]] of Object.entries(lists)) {
    it(`list ${name} along an index from where the page starts`, async () => {
      await list();
      const steps = await plans();
      assert.deepEqual(steps.filter(isCostly), []);
      assert.match(steps.join("\n"), index);
    });
  }

  const lookUps: Readonly<Record<string, () => Promise<unknown>>> = {
    "a token by its secret": () => store.tokens.findBySecretHash("x", NOW),
    "a token by its id": () => store.tokens.findById(newTokenId()),
    "a token of a registry": () => store.tokens.find(registry.id, newTokenId()),
    "a registry by its name": () => store.registries.findByName("x"),
    "a registry by its id": () => store.registries.find(ORGANIZATION.id, registry.id),
    "a registry's key": () => store.registries.wrappedKey(registry.id),
    "a registry's usage": () => store.registries.usage(ORGANIZATION.id, registry.id),
    "a person by address": () => store.users.findByEmail("x"),
    "a person by id": () => store.users.findById(OWNER.id),
    "a manifest by tag": () =>
      store.manifests.find(registry.id, APP, { kind: "tag", tag: tag("v1") }),
    "a manifest by digest": () =>
      store.manifests.find(registry.id, APP, { kind: "digest", digest: digestFor("x") }),
    "a blob": () => store.blobs.find(registry.id, APP, digestFor("x")),
    "an artifact": () => store.content.artifact(registry.id, APP, digestFor("x")),
    "a repository to browse": () => store.content.repository(registry.id, APP),
    "a repository": () => store.repositories.exists(registry.id, APP),
    "an upload": () => store.uploads.find(registry.id, APP, makeUpload(registry).id),
    "an upload's end": () => store.uploads.hasEnded(makeUpload(registry)),
    "registries that are gone": () => store.registries.missing([registry.id]),
  };

  for (const [name, lookUp] of Object.entries(lookUps)) {
    it(`find ${name} along an index`, async () => {
      await lookUp();
      assert.deepEqual((await plans()).filter(isCostly), []);
    });
  }

  it("change everything along an index", async () => {
    const upload = makeUpload(registry);
    const token = makeToken(registry);
    const scope = makeScope("a");
    const person = makePerson({ role: "owner" });
    const { record, manifest } = imageOf("image", ["layer"]);
    await store.uploads.create(upload, 10);
    const to = { offset: 1, rest: undefined };
    await store.uploads.advance(registry.id, upload.id, 0, to, NOW);
    await store.blobs.commit(registry.id, APP, inlineBlob("layer"), upload, NOW);
    await store.blobs.touch(registry.id, [digestFor("layer")], NOW + 1);
    await store.manifests.put(registry.id, APP, record, manifest, [tag("v1")], NOW);
    const pulled = { registryId: registry.id, repository: APP, digest: record.digest };
    await store.usage.addPulls([{ ...pulled, count: 1, lastAt: NOW }]);
    await store.manifests.removeTag(registry.id, APP, tag("v1"));
    await store.manifests.remove(registry.id, APP, record.digest);
    await store.blobs.unlink(registry.id, APP, digestFor("layer"));
    await store.repositories.remove(registry.id, APP);
    await store.tokens.create(token, newSecretHash());
    await store.scopes.add(token.id, scope);
    await store.scopes.replace(token.id, scope);
    await store.scopes.remove(token.id, scope.id);
    await store.tokens.update(registry.id, token.id, { status: "disabled" }, SIGNATURE);
    await store.tokens.touch(new Map([[token.id, NOW]]));
    await store.tokens.remove(registry.id, token.id);
    await store.users.create(person);
    await store.users.update(ORGANIZATION.id, OWNER.id, { role: "reader" }, SIGNATURE, 1);
    await store.users.remove(ORGANIZATION.id, OWNER.id, 2);
    await store.registries.update(ORGANIZATION.id, registry.id, { state: "Running" }, SIGNATURE);
    await store.registries.remove(ORGANIZATION.id, registry.id);
    assert.deepEqual((await plans()).filter(isCostly), []);
  });

  it("find an index for every foreign key, so that no removal walks a table", async () => {
    const select = CompiledQuery.raw(
      `select m.name as name, f."from" as "column"
       from sqlite_schema as m join pragma_foreign_key_list(m.name) as f
       where m.type = 'table' and not exists (
         select 1 from pragma_index_list(m.name) as l join pragma_index_info(l.name) as i
         where i.seqno = 0 and i.name = f."from"
       ) and not exists (
         select 1 from pragma_table_info(m.name) as c where c.name = f."from" and c.pk = 1
       )`,
    );
    assert.deepEqual((await database.reader.execute(select)).rows, []);
  });
});

/** Walks a whole table or index, sorts, or makes an index of its own: what it costs grows with the data. */
function isCostly(step: string): boolean {
  // `live` are the uploads of a registry, which are limited.
  return /SCAN|TEMP B-TREE|AUTOMATIC/.test(step) && !/SCAN CONSTANT ROW|SCAN live/.test(step);
}

const FIRST = { isDescending: true, offset: 10, limit: 10 };
const PAGE = { after: "sha256:", limit: 10 };

/** The same database, noting what it executes. */
function observed(database: SqlDatabase, executed: CompiledQuery<unknown>[]): SqlDatabase {
  const observing = (session: SqlSession): SqlSession => ({
    execute: (query) => {
      executed.push(query);
      return session.execute(query);
    },
  });
  return {
    builder: database.builder,
    columns: database.columns,
    reader: observing(database.reader),
    transaction: (work) => database.transaction((session) => work(observing(session))),
    close: () => database.close(),
  };
}
