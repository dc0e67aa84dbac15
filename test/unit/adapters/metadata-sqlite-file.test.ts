import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { watch } from "node:fs";
import { chmod, readdir, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { CompiledQuery } from "kysely";
import { migrate } from "../../../provider/server/src/adapters/metadata-sql/migrate.ts";
import { MIGRATIONS } from "../../../provider/server/src/adapters/metadata-sql/migrations/all.ts";
import { SqliteConnection } from "../../../provider/server/src/adapters/metadata-sqlite/sqlite-connection.ts";
import { SqliteDatabase } from "../../../provider/server/src/adapters/metadata-sqlite/sqlite-database.ts";
import { SqliteMetadataStore } from "../../../provider/server/src/adapters/metadata-sqlite/sqlite-metadata-store.ts";
import { RegistryError } from "../../../provider/server/src/domain/errors.ts";
import { eventually } from "../../support/eventually.ts";
import {
  APP,
  addBlobs,
  foundBlob,
  foundManifest,
  imageOf,
  inlineBlob,
  makeScope,
  makeToken,
  NOW,
  newSecretHash,
  OWNER,
  populate,
  pushTo,
  tag,
} from "../../support/metadata-samples.ts";
import { temporaryDirectory } from "../../support/temporary-directory.ts";

/** Of `pragma synchronous`: with a write-ahead log, less than this loses the last commits in a power cut. */
const FULL = 2;

describe("a metadata file", () => {
  let directory: Awaited<ReturnType<typeof temporaryDirectory>>;
  let path: string;

  beforeEach(async () => {
    directory = await temporaryDirectory();
    path = join(directory.path, "metadata.sqlite");
  });
  afterEach(() => directory.remove());

  it("has what was committed on the disk before the commit returns", () => {
    const connection = new SqliteConnection(path);
    try {
      const asked = CompiledQuery.raw("pragma synchronous");
      assert.deepEqual(connection.execute<{ synchronous: number }>(asked).rows.map(Object.values), [
        [FULL],
      ]);
    } finally {
      connection.close();
    }
  });

  async function withStore<T>(work: (store: SqliteMetadataStore) => Promise<T>): Promise<T> {
    const store = await SqliteMetadataStore.open(path);
    try {
      await store.migrate();
      return await work(store);
    } finally {
      await store.close();
    }
  }

  async function withDatabase<T>(work: (database: SqliteDatabase) => Promise<T>): Promise<T> {
    const database = await SqliteDatabase.open(path);
    try {
      return await work(database);
    } finally {
      await database.close();
    }
  }

  const run = (database: SqliteDatabase, text: string) =>
    database.transaction((session) => session.execute(CompiledQuery.raw(text)));

  it("keeps everything when it is closed and opened again", async () => {
    const secretHash = newSecretHash();
    const image = imageOf("image", ["layer"]);
    const before = await withStore(async (store) => {
      const registry = await populate(store);
      const token = makeToken(registry, { scopes: [makeScope("b"), makeScope("a")] });
      await store.tokens.create(token, secretHash);
      await addBlobs(store, registry, APP, ["layer"]);
      await pushTo(store, registry, APP, image, "v1");
      return { registry, token };
    });
    await withStore(async (store) => {
      const { registry, token } = before;
      assert.deepEqual(await store.users.findByEmail(OWNER.email), OWNER);
      assert.deepEqual(await store.registries.findByName(registry.name), registry);
      assert.deepEqual(await store.tokens.findBySecretHash(secretHash, NOW), token);
      const blob = inlineBlob("layer");
      assert.deepEqual(await store.blobs.find(registry.id, APP, blob.digest), foundBlob(blob));
      const reference = { kind: "tag", tag: tag("v1") } as const;
      assert.deepEqual(
        await store.manifests.find(registry.id, APP, reference),
        foundManifest(image),
      );
    });
  });

  it("is for its owner's eyes only, with all that SQLite puts beside it", async () => {
    await writeFile(path, "");
    await chmod(path, 0o644);
    for (let times = 0; times < 2; times++) {
      await withStore(async () => {
        for (const name of await readdir(directory.path)) {
          const { mode } = await stat(join(directory.path, name));
          assert.equal(mode & 0o777, 0o600, name);
        }
      });
    }
  });

  it("that is there is opened without another one beside it, which a killed start would leave", async () => {
    await withStore(populate);
    const seen = new Set<string>();
    const watched = watch(directory.path, (_, name) => seen.add(name ?? "unknown"));
    try {
      await withStore(populate);
      await eventually("news of the files", async () => seen.size > 0 || undefined);
    } finally {
      watched.close();
    }
    assert.deepEqual(
      [...seen].filter((name) => !/^metadata\.sqlite(-wal|-shm)?$/.test(name)),
      [],
    );
  });

  it("is brought up to date once by many who start at once", async () => {
    const stores = await Promise.all(
      Array.from({ length: 5 }, () => SqliteMetadataStore.open(path)),
    );
    await Promise.all(stores.map((store) => store.migrate()));
    const registries = await Promise.all(stores.map((store) => populate(store)));
    for (const store of stores) {
      for (const registry of registries) {
        assert.deepEqual(await store.registries.findByName(registry.name), registry);
      }
    }
    await Promise.all(stores.map((store) => store.close()));
  });

  it("is refused, and left as it is, when a newer program has changed it", async () => {
    await withStore(populate);
    await withDatabase((database) =>
      run(database, "insert into migrations (number, name) values (99, 'from the future')"),
    );
    await assert.rejects(withStore(populate), /has schema 99.*a newer Moorage has changed it/);
    await withDatabase(async (database) => {
      const query = CompiledQuery.raw("select number from migrations");
      const { rows } = await database.reader.execute<{ number: number }>(query);
      assert.deepEqual(
        rows.map(({ number }) => number),
        [...MIGRATIONS.map(({ number }) => number), 99],
      );
    });
  });

  it("is as it was when a migration fails", async () => {
    const broken = {
      number: 2,
      name: "broken",
      statements: () => ["create table half (a integer) strict", "no sql at all"],
    };
    const good = { ...broken, statements: () => ["create table half (a integer) strict"] };
    const first = { ...broken, number: 1, statements: () => ["create table one (a integer)"] };
    await withDatabase(async (database) => {
      await migrate(database, [first]);
      await assert.rejects(migrate(database, [first, broken]), /syntax error/);
      await migrate(database, [first, good]);
      await migrate(database, [first, good]);
    });
  });

  it("with a row that cannot be is a fault, not somebody's mistake", async () => {
    const registry = await withStore(populate);
    await withDatabase((database) => run(database, "update registries set state = 'Sunk'"));
    await withStore(async (store) => {
      await assert.rejects(
        store.registries.findByName(registry.name),
        (error) => error instanceof Error && !(error instanceof RegistryError),
      );
    });
  });

  it("has all that was acknowledged when its process is killed", async () => {
    const writer = spawn(
      process.execPath,
      ["--conditions=@moorage/source", "test/support/metadata-writer.ts", path],
      { stdio: ["ignore", "pipe", "inherit"] },
    );
    const acknowledged: string[] = [];
    for await (const line of createInterface({ input: writer.stdout })) {
      acknowledged.push(line);
      if (acknowledged.length === 50) {
        writer.kill("SIGKILL");
      }
    }
    if (writer.exitCode === null && writer.signalCode === null) {
      await once(writer, "exit");
    }
    assert.ok(acknowledged.length >= 50);
    await withStore(async (store) => {
      for (const name of acknowledged) {
        assert.equal((await store.registries.findByName(name))?.name, name);
      }
    });
  });

  it("that cannot be used says so", async () => {
    const store = await SqliteMetadataStore.open(path);
    await store.migrate();
    assert.equal(await store.isReady(), true);
    await store.close();
    assert.equal(await store.isReady(), false);
    await store.close();
    await assert.rejects(populate(store));
  });

  it("that is no database is refused", async () => {
    await writeFile(path, "This is not a database. ".repeat(100));
    await assert.rejects(SqliteMetadataStore.open(path), /not a database/);
  });
});

describe("metadata in memory", () => {
  it("shows nobody what is not committed", async () => {
    const database = await SqliteDatabase.open(":memory:");
    const insert = (text: string) =>
      CompiledQuery.raw("insert into entries (text) values (?)", [text]);
    const select = CompiledQuery.raw("select text from entries");
    await database.transaction((session) =>
      session.execute(CompiledQuery.raw("create table entries (text text) strict")),
    );
    const reads: Promise<string[]>[] = [];
    const read = async () =>
      (await database.reader.execute<{ text: string }>(select)).rows.map(({ text }) => text);
    await Promise.allSettled([
      database.transaction(async (session) => {
        await session.execute(insert("undone"));
        reads.push(read());
        await session.execute(insert("undone too"));
        throw new Error("no");
      }),
      database.transaction(async (session) => {
        await session.execute(insert("kept"));
        reads.push(read());
      }),
    ]);
    // The first one fails before the second one begins.
    assert.deepEqual(await Promise.all(reads), [[], ["kept"]]);
    await database.close();
  });
});
