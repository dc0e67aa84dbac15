import assert from "node:assert/strict";
import { join } from "node:path";
import type { Context } from "../../../provider/server/src/app/context.ts";
import { sweepRegistries } from "../../../provider/server/src/app/sweep-registries.ts";
import { UPLOAD_CLAIM_MILLISECONDS } from "../../../provider/server/src/domain/limits.ts";
import { digestOf, someContent } from "../../support/content.ts";
import { filesBelow } from "../../support/data-files.ts";
import {
  assertRefused,
  assertStatus,
  type DistributionClient,
  withDigest,
} from "../../support/distribution-client.ts";
import { eventually } from "../../support/eventually.ts";
import type { Answer } from "../../support/http-request.ts";
import { LocalRegistry } from "../../support/local-registry.ts";
import { type MadeToken, makeToken, manage } from "../../support/management.ts";

/** Beyond what waits in memory, so that there is a file from the first half on. */
const BYTES = someContent(900_000);
const HALF = 450_000;

/** How far an upload has come when something else is deleted. */
const STAGES = ["given out", "held open", "in the middle of a PATCH"] as const;

interface Begun {
  readonly client: DistributionClient;
  readonly token: MadeToken;
  readonly location: string;
  /** Lets a PATCH that is under way go on; its answer, or that of the one that is sent now. */
  goOn(): Promise<Answer>;
}

describe("an upload that a deletion overtakes", () => {
  let local: LocalRegistry;
  /** How many requests have begun to take bytes. */
  let begun: number;

  beforeEach(async () => {
    begun = 0;
    const adapt = (context: Context) => {
      const { liveUploads } = context;
      const take = liveUploads.take.bind(liveUploads);
      liveUploads.take = (...args) => {
        begun++;
        return take(...args);
      };
      return context;
    };
    local = await LocalRegistry.start({ adapt });
  });
  afterEach(() => local.close());

  async function begin(stage: (typeof STAGES)[number]): Promise<Begun> {
    const token = await makeToken(local.url, local.registry, "pusher");
    const client = local.client.with({ credentials: token });
    const location = await client.startUpload("app");
    const first = BYTES.subarray(0, HALF);
    const patch = (body: Uint8Array | AsyncIterable<Uint8Array>) =>
      client.send("PATCH", location, { body });
    switch (stage) {
      case "given out":
        return { client, token, location, goOn: () => patch(BYTES) };
      case "held open":
        assertStatus(await patch(first), 202);
        return { client, token, location, goOn: () => patch(BYTES.subarray(HALF)) };
      case "in the middle of a PATCH": {
        const gate = Promise.withResolvers<void>();
        const answered = patch(
          (async function* () {
            yield first;
            await gate.promise;
            yield BYTES.subarray(HALF);
          })(),
        );
        await eventually("the upload's file", async () => {
          const files = await filesBelow(join(local.dataDir, "blobs"));
          return files.length > 0 || undefined;
        });
        return {
          client,
          token,
          location,
          goOn() {
            gate.resolve();
            return answered;
          },
        };
      }
      default:
        return stage satisfies never;
    }
  }

  async function remove(path: string): Promise<void> {
    const answer = await manage(local.url, "DELETE", `/registries/${local.registry.id}${path}`);
    assert.equal(answer.ok, true, await answer.text());
  }

  for (const stage of STAGES) {
    it(`of its registry, while it is ${stage}, ends, and nothing of it is left`, async () => {
      const { client, location, goOn } = await begin(stage);
      await remove("");
      const overtaken = await goOn();
      if (stage === "in the middle of a PATCH") {
        assertRefused(overtaken, 404, "NAME_UNKNOWN");
      } else {
        assertRefused(overtaken, 401, "UNAUTHORIZED");
      }
      const put = await client.send("PUT", withDigest(location, digestOf(BYTES)));
      assertRefused(put, 401, "UNAUTHORIZED");
      await sweepRegistries(local.context);
      assert.deepEqual(await filesBelow(join(local.dataDir, "blobs")), []);
      assert.equal(await local.context.metadata.uploads.count(), 0);
    });

    it(`of its token, while it is ${stage}, never becomes a blob`, async () => {
      const { client, token, location, goOn } = await begin(stage);
      await remove(`/tokens/${token.id}`);
      // A request that was let in ends; the next one is refused.
      assertStatus(await goOn(), stage === "in the middle of a PATCH" ? 202 : 401);
      const end = withDigest(location, digestOf(BYTES));
      for (const [method, path] of [
        ["GET", location],
        ["PATCH", location],
        ["PUT", end],
        ["DELETE", location],
      ] as const) {
        assertRefused(await client.send(method, path), 401, "UNAUTHORIZED");
      }
      // Nor is it anybody else's.
      assertRefused(await local.client.send("PUT", end), 404, "BLOB_UPLOAD_UNKNOWN");
      assertStatus(await local.client.ask("HEAD", "app", `blobs/${digestOf(BYTES)}`), 404);
    });

    it(`of its repository, while it is ${stage}, goes on like a push after it, and brings nothing back`, async () => {
      const old = await local.client.pushImage("app", "old");
      const { client, location, goOn } = await begin(stage);
      await remove("/repositories/app");
      assertStatus(await goOn(), 202);
      assertStatus(await client.send("PUT", withDigest(location, digestOf(BYTES))), 201);
      const pulled = await client.ask("GET", "app", `blobs/${digestOf(BYTES)}`);
      assert.ok(pulled.body.equals(BYTES));
      for (const gone of ["manifests/old", `manifests/${old.digest}`]) {
        assertStatus(await client.ask("HEAD", "app", gone), 404);
      }
      assertStatus(await client.ask("HEAD", "app", `blobs/${digestOf(old.layer)}`), 404);
    });
  }

  for (const [what, bytes] of [
    ["small", BYTES.subarray(0, 1000)],
    ["large", BYTES],
  ] as const) {
    it(`of its registry or its repository, in the middle of a PUT of a ${what} blob, ends with 404, or with the blob`, async () => {
      const old = await local.client.pushImage("app", "old");
      for (const [path, status] of [
        ["/repositories/app", 201],
        ["", 404],
      ] as const) {
        const location = await local.client.startUpload("app");
        const gate = Promise.withResolvers<void>();
        begun = 0;
        const answered = local.client.send("PUT", withDigest(location, digestOf(bytes)), {
          headers: { "content-length": bytes.length },
          body: (async function* () {
            yield bytes.subarray(0, bytes.length / 2);
            await gate.promise;
            yield bytes.subarray(bytes.length / 2);
          })(),
        });
        await eventually("the PUT to begin", async () => begun > 0 || undefined);
        await remove(path);
        gate.resolve();
        assertStatus(await answered, status);
        if (status === 201) {
          const pulled = await local.client.ask("GET", "app", `blobs/${digestOf(bytes)}`);
          assert.ok(pulled.body.equals(bytes));
          assertStatus(await local.client.ask("HEAD", "app", `manifests/${old.digest}`), 404);
        }
      }
      await sweepRegistries(local.context);
      assert.deepEqual(await filesBelow(join(local.dataDir, "blobs")), []);
      assert.equal(await local.context.metadata.uploads.count(), 0);
    });
  }

  it("is not gone on with in the registry that gets the old one's id and name", async () => {
    const { location } = await begin("given out");
    await remove("");
    const properties = { name: local.registry.name, location: "de/fra" };
    const path = `/registries/${local.registry.id}`;
    assert.equal((await manage(local.url, "PUT", path, { properties })).status, 201);
    const credentials = await makeToken(local.url, local.registry, "pusher");
    const client = local.client.with({ credentials });
    assertRefused(await client.send("GET", location), 404, "BLOB_UPLOAD_UNKNOWN");
    const put = await client.send("PUT", withDigest(location, digestOf(BYTES)), { body: BYTES });
    assertRefused(put, 404, "BLOB_UPLOAD_UNKNOWN");
  });
});

describe("an upload that is held open", () => {
  let local: LocalRegistry;
  let millisecondsAhead = 0;

  before(async () => {
    const clock = { now: () => Date.now() + millisecondsAhead };
    local = await LocalRegistry.start({ adapt: (context) => ({ ...context, clock }) });
  });
  after(() => local.close());

  it("by a worker that stood still for longer than its claim lasts, is opened anew", async () => {
    const { client } = local;
    const location = await client.startUpload("app");
    for (const body of [BYTES.subarray(0, HALF), BYTES.subarray(HALF)]) {
      assertStatus(await client.send("PATCH", location, { body }), 202);
      millisecondsAhead += UPLOAD_CLAIM_MILLISECONDS + 1;
    }
    assertStatus(await client.send("PUT", withDigest(location, digestOf(BYTES))), 201);
    const pulled = await client.ask("GET", "app", `blobs/${digestOf(BYTES)}`);
    assert.ok(pulled.body.equals(BYTES));
  });

  it("is nobody else's, under its own address or another repository's", async () => {
    const { client } = local;
    const location = await client.startUpload("app");
    assertStatus(await client.send("PATCH", location, { body: BYTES.subarray(0, HALF) }), 202);
    const credentials = await makeToken(local.url, local.registry, "stranger");
    const stranger = client.with({ credentials });
    const elsewhere = location.replace("/app/", "/app2/");
    for (const [who, at] of [
      [stranger, location],
      [client, elsewhere],
    ] as const) {
      const body = BYTES.subarray(HALF);
      assertRefused(await who.send("PATCH", at, { body }), 404, "BLOB_UPLOAD_UNKNOWN");
      const put = await who.send("PUT", withDigest(at, digestOf(BYTES)), { body });
      assertRefused(put, 404, "BLOB_UPLOAD_UNKNOWN");
      assertRefused(await who.send("DELETE", at), 404, "BLOB_UPLOAD_UNKNOWN");
    }
    const put = withDigest(location, digestOf(BYTES));
    assertStatus(await client.send("PUT", put, { body: BYTES.subarray(HALF) }), 201);
  });
});
