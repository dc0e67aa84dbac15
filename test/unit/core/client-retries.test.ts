import assert from "node:assert/strict";
import { type Client, createClient } from "@moorage/core/client/client";
import { retryWait } from "@moorage/core/client/retry";
import type { ClientOptions } from "@moorage/core/client/transport";
import { scriptedServer, type Turn } from "../../support/scripted-server.ts";
import { registryAnswer, tokenAnswer } from "./answers.ts";

const ID = "5d1c7a52-0f3e-4a6e-9b52-0c9a3c1f0e11";
const created: Turn = { status: 201, body: registryAnswer("shop", 1) };
const found: Turn = { status: 200, body: registryAnswer("shop", 1) };

/** Runs a call against a server that plays these turns; tells its waits and how many requests came. */
async function play(
  turns: readonly Turn[],
  call: (client: Client) => Promise<unknown>,
  options: Partial<ClientOptions> = {},
): Promise<{ waits: number[]; requests: number; error: unknown }> {
  await using server = await scriptedServer((_, turn) => turns[turn - 1] ?? { status: 500 });
  const waits: number[] = [];
  const wait = async (milliseconds: number): Promise<void> => {
    waits.push(milliseconds);
  };
  const settings = { endpoint: server.endpoint, username: "ops", password: "secret-word", wait };
  const client = createClient({ ...settings, ...options });
  const error = await call(client).then(
    () => undefined,
    (reason: unknown) => reason,
  );
  await client.close();
  return { waits, requests: server.received.length, error };
}
const codeOf = (error: unknown): unknown =>
  error instanceof Error && "code" in error ? error.code : error;

describe("the client's retries", () => {
  it("repeat an idempotent call on 429, 502, 503 and 504", async () => {
    for (const status of [429, 502, 503, 504]) {
      const played = await play([{ status }, { status }, found], (client) =>
        client.registries.get(ID),
      );
      assert.equal(played.error, undefined);
      assert.equal(played.requests, 3);
      assert.equal(played.waits.length, 2);
    }
  });

  it("wait as long as Retry-After says", async () => {
    const busy: Turn = { status: 503, headers: { "retry-after": "7" } };
    const played = await play([busy, found], (client) => client.registries.get(ID));
    assert.deepEqual(played.waits, [7000]);
  });

  it("give up at once where Retry-After asks for too long", async () => {
    const busy: Turn = { status: 429, headers: { "retry-after": "3600" } };
    const played = await play([busy, found], (client) => client.registries.get(ID));
    assert.equal(codeOf(played.error), "rate-limited");
    assert.equal(played.requests, 1);
  });

  it("are bounded", async () => {
    const played = await play(Array<Turn>(9).fill({ status: 503 }), (client) =>
      client.registries.get(ID),
    );
    assert.equal(codeOf(played.error), "unavailable");
    assert.equal(played.requests, 4);
  });

  it("never repeat a POST on a 5xx or a lost answer, because it may have been done", async () => {
    const create = (client: Client): Promise<unknown> =>
      client.registries.create({ name: "shop", location: "de/fra" });
    const busy = await play([{ status: 503 }, created], create);
    assert.deepEqual([codeOf(busy.error), busy.requests], ["unavailable", 1]);
    const lost = await play(["cut", created], create);
    assert.deepEqual([codeOf(lost.error), lost.requests], ["unreachable", 1]);
    const limited = await play([{ status: 429 }, created], create);
    assert.deepEqual([limited.error, limited.requests], [undefined, 2]);
  });

  it("never repeat a PUT of a token, whose lost answer may have held the password", async () => {
    const put = (client: Client): Promise<unknown> => client.tokens.put(ID, ID, { name: "ci" });
    const played = await play(["cut", { status: 201, body: tokenAnswer("ci", 1) }], put);
    assert.deepEqual([codeOf(played.error), played.requests], ["unreachable", 1]);
  });

  it("repeat an idempotent call whose connection was cut", async () => {
    const played = await play(["cut", found], (client) => client.registries.get(ID));
    assert.deepEqual([played.error, played.requests], [undefined, 2]);
  });

  it("repeat even a POST when nobody listened", async () => {
    const waits: number[] = [];
    const wait = async (milliseconds: number): Promise<void> => {
      waits.push(milliseconds);
    };
    let endpoint = "";
    {
      await using server = await scriptedServer(() => created);
      endpoint = server.endpoint;
    }
    const client = createClient({ endpoint, username: "ops", password: "secret-word", wait });
    const creation = client.registries.create({ name: "shop", location: "de/fra" });
    await assert.rejects(creation, {
      code: "unreachable",
      message: `no server answers at ${endpoint}/containerregistries (ECONNREFUSED)`,
    });
    assert.equal(waits.length, 3);
    await client.close();
  });

  it("end when the caller aborts, during a wait too", async () => {
    await using server = await scriptedServer(() => ({
      status: 503,
      headers: { "retry-after": "60" },
    }));
    const client = createClient({ endpoint: server.endpoint, token: "t" });
    const signal = AbortSignal.timeout(50);
    await assert.rejects(client.registries.get(ID, { signal }), {
      name: /TimeoutError|AbortError/,
    });
    assert.equal(server.received.length, 1);
    await client.close();
  });

  it("report a server that does not answer in time", async () => {
    const played = await play(
      Array<Turn>(4).fill("silence"),
      (client) => client.tokens.create(ID, { name: "ci" }),
      { answerMilliseconds: 100 },
    );
    assert.deepEqual([codeOf(played.error), played.requests], ["timed-out", 1]);
  });
});

describe("the wait before a retry", () => {
  it("doubles, spread by chance, up to a limit of tries", () => {
    assert.equal(retryWait(1, undefined, 0, 1), 200);
    assert.equal(retryWait(2, undefined, 0, 1), 400);
    assert.equal(retryWait(2, undefined, 0, 0), 200);
    assert.equal(retryWait(4, undefined, 0, 0), undefined);
  });

  it("understands seconds and dates, and nothing else", () => {
    const now = Date.parse("2026-01-01T00:00:00Z");
    assert.equal(retryWait(1, "0", now, 1), 0);
    assert.equal(retryWait(1, "Thu, 01 Jan 2026 00:00:05 GMT", now, 1), 5000);
    assert.equal(retryWait(1, "Wed, 31 Dec 2025 00:00:05 GMT", now, 1), 0);
    assert.equal(retryWait(1, "soon", now, 1), 200);
    assert.equal(retryWait(1, "61", now, 1), undefined);
  });
});
