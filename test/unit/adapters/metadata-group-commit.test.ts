import assert from "node:assert/strict";
import { join } from "node:path";
import { CompiledQuery } from "kysely";
import type { SqlSession } from "../../../provider/server/src/adapters/metadata-sql/sql-database.ts";
import { GroupCommit } from "../../../provider/server/src/adapters/metadata-sqlite/group-commit.ts";
import { SqliteConnection } from "../../../provider/server/src/adapters/metadata-sqlite/sqlite-connection.ts";
import { refusal } from "../../support/metadata-samples.ts";
import { temporaryDirectory } from "../../support/temporary-directory.ts";

describe("transactions on SQLite", () => {
  let directory: Awaited<ReturnType<typeof temporaryDirectory>>;
  let path: string;
  let writer: SqliteConnection;
  let other: SqliteConnection;
  let writes: GroupCommit;

  beforeEach(async () => {
    directory = await temporaryDirectory();
    path = join(directory.path, "database");
    writer = new SqliteConnection(path);
    writer.useWriteAheadLog();
    writer.run("create table entries (text text not null unique) strict");
    other = new SqliteConnection(path);
    writes = new GroupCommit(writer, { busyMillisecondsMax: 100, groupMillisecondsMax: 10_000 });
  });
  afterEach(async () => {
    await writes.idle();
    writer.close();
    other.close();
    await directory.remove();
  });

  const insert = (text: string) =>
    CompiledQuery.raw("insert into entries (text) values (?)", [text]);

  function add(...texts: readonly string[]): Promise<string> {
    return writes.transaction(async (session) => {
      for (const text of texts) {
        await session.execute(insert(text));
      }
      return texts.join();
    });
  }

  /** What another connection sees: what is committed. */
  function committed(): string[] {
    const query = CompiledQuery.raw("select text from entries order by text");
    return other.execute<{ text: string }>(query).rows.map(({ text }) => text);
  }

  /** Counts commits by the numbers that SQLite gives to the states of a database. */
  function version(): number {
    const query = CompiledQuery.raw("pragma data_version");
    return other.execute<{ data_version: number }>(query).rows[0]?.data_version ?? 0;
  }

  it("that wait at the same time share one commit", async () => {
    const versions = new Set([version()]);
    const seen = await Promise.all(
      Array.from({ length: 20 }, async (_, number) => {
        await add(`${number}`);
        versions.add(version());
        return committed().length;
      }),
    );
    assert.deepEqual(new Set(seen), new Set([20]), "no promise resolves before the commit");
    assert.equal(versions.size, 2);
  });

  it("run in the order in which they came", async () => {
    const order: number[] = [];
    const record = (number: number) => async (session: SqlSession) => {
      await session.execute(insert(`${number}`));
      order.push(number);
    };
    await Promise.all([0, 1, 2, 3].map((number) => writes.transaction(record(number))));
    assert.deepEqual(order, [0, 1, 2, 3]);
  });

  it("fail alone, and leave nothing behind", async () => {
    const results = await Promise.allSettled([add("a"), add("b", "c", "b"), add("d"), add("c")]);
    assert.deepEqual(
      results.map(({ status }) => status),
      ["fulfilled", "rejected", "fulfilled", "fulfilled"],
    );
    assert.deepEqual(committed(), ["a", "c", "d"]);
  });

  it("fail alone when their own code throws", async () => {
    const failure = new Error("no");
    const [, failed] = await Promise.allSettled([
      add("a"),
      writes.transaction(async (session) => {
        await session.execute(insert("b"));
        throw failure;
      }),
      add("c"),
    ]);
    assert.deepEqual(failed, { status: "rejected", reason: failure });
    assert.deepEqual(committed(), ["a", "c"]);
  });

  it("tell of a failure only once what it is about is committed", async () => {
    let seen: readonly string[] | undefined;
    await Promise.all([
      add("a"),
      assert.rejects(
        add("a").catch((error: unknown) => {
          seen = committed();
          throw error;
        }),
      ),
    ]);
    assert.deepEqual(seen, ["a"]);
  });

  it("that fill the disk are refused alone; the others of their group run again", async () => {
    writer.run("pragma max_page_count = 40");
    const results = await Promise.allSettled([add("a"), add("b", "x".repeat(1_000_000)), add("c")]);
    assert.deepEqual(
      results.map((result) => (result.status === "fulfilled" ? result.value : undefined)),
      ["a", undefined, "c"],
    );
    const [, failed] = results;
    assert.ok(failed?.status === "rejected");
    refusal("storage-full", {})(failed.reason);
    assert.ok(failed.reason.cause instanceof Error);
    assert.deepEqual(committed(), ["a", "c"]);
  });

  it("that overlook that SQLite has undone them are refused", async () => {
    writer.run("pragma max_page_count = 40");
    const overlooking = writes.transaction(async (session) => {
      await session.execute(insert("b"));
      await session.execute(insert("x".repeat(1_000_000))).catch(() => {});
    });
    const results = await Promise.allSettled([add("a"), overlooking, add("c")]);
    assert.deepEqual(
      results.map(({ status }) => status),
      ["fulfilled", "rejected", "fulfilled"],
    );
    assert.deepEqual(committed(), ["a", "c"]);
  });

  it("run again, in their order, with those of their group that fail", async () => {
    const order: string[] = [];
    const record = (text: string) =>
      writes.transaction(async (session) => {
        order.push(text);
        await session.execute(insert(text));
      });
    await Promise.allSettled([record("a"), record("b"), record("a"), record("c")]);
    assert.deepEqual(order, ["a", "b", "a", "a", "b", "a", "c"]);
    assert.deepEqual(committed(), ["a", "b", "c"]);
  });

  it("wait for another process without stopping the event loop", async () => {
    other.run("begin immediate");
    const added = add("a");
    let turns = 0;
    while (turns < 50) {
      await new Promise((resolve) => setImmediate(resolve));
      turns++;
    }
    other.run("commit");
    assert.equal(await added, "a");
    assert.deepEqual(committed(), ["a"]);
  });

  it("are refused when another process does not let go, and work again when it does", async () => {
    other.run("begin immediate");
    const results = await Promise.allSettled([add("a"), add("b")]);
    for (const result of results) {
      assert.ok(result.status === "rejected");
      refusal("service-unavailable")(result.reason);
    }
    other.run("rollback");
    await add("c");
    assert.deepEqual(committed(), ["c"]);
  });

  it("leave turns to the rest of the event loop when there are many", async () => {
    let turns = 0;
    let isOver = false;
    const count = () => {
      turns++;
      if (!isOver) {
        setImmediate(count);
      }
    };
    setImmediate(count);
    await Promise.all(Array.from({ length: 1000 }, (_, number) => add(`${number}`)));
    isOver = true;
    assert.ok(turns >= 1000 / 128, `${turns} turns`);
    assert.equal(committed().length, 1000);
  });

  it("may start another one when they have ended", async () => {
    await add("a");
    await add("b").then(() => add("c"));
    assert.deepEqual(committed(), ["a", "b", "c"]);
  });
});
