import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { once } from "node:events";
import { type IncomingMessage, request } from "node:http";
import { ProcessTree } from "../../../bench/process-tree.ts";
import { patternBytes } from "../../support/byte-patterns.ts";
import { digestOf, someContent } from "../../support/content.ts";
import { assertStatus, withDigest } from "../../support/distribution-client.ts";
import { eventually } from "../../support/eventually.ts";
import { basic } from "../../support/management.ts";
import { head, RawConnection } from "../../support/raw-connection.ts";
import { type RegistryUnderTest, startRegistry } from "../../support/registry-under-test.ts";

const MIB = 1024 * 1024;
const AT_ONCE = 8;
const BLOB_BYTES = 64 * MIB;
const PIECE = Buffer.from(patternBytes(MIB));
/** A server that kept content in memory would grow by all of it; what it needs for buffers is a small part. */
const GROWTH_SHARE_MAX = 0.4;
const SLOW_CLIENTS = 400;
/** A block in clear, its socket, and its part of what a few readers hold who read ahead. */
const SLOW_CLIENT_MEBIBYTES_MAX = 0.8;

describe("the memory of the server", function () {
  this.timeout(180_000);
  let under: RegistryUnderTest;
  before(async () => {
    under = await startRegistry();
  });
  after(() => under.server.stop());

  /** Runs work on so many blobs at once, and returns by how many MiB the server has grown at most. */
  async function growthDuring(work: (index: number) => Promise<void>): Promise<number> {
    const tree = new ProcessTree(under.server.pid ?? 0);
    const before = tree.residentMebibytes();
    tree.startWatching();
    let peak = 0;
    try {
      await Promise.all(Array.from({ length: AT_ONCE }, (_, index) => work(index)));
    } finally {
      peak = tree.stopWatching();
    }
    return peak - before;
  }

  it("stays small while large blobs are pushed and pulled at once", async () => {
    // Ends of their own make contents of their own.
    const ends = Array.from({ length: AT_ONCE }, (_, index) => Buffer.from(`end ${index}`));
    const digests = ends.map((end) => digestOfPieces([...piecesOf(BLOB_BYTES), end]));
    const { client } = under;
    await client.pushBlob("app", PIECE);
    assertStatus(await client.ask("GET", "app", `blobs/${digestOf(PIECE)}`), 200);
    const pushed = await growthDuring(async (index) => {
      const location = await client.startUpload("app");
      const body = streamOf([...piecesOf(BLOB_BYTES), ends[index] ?? PIECE]);
      const end = withDigest(location, digests[index] ?? "");
      assertStatus(await client.send("PUT", end, { body }), 201);
    });
    const pulled = await growthDuring(async (index) => {
      const digest = digests[index] ?? "";
      assert.equal(await pullDigest(client.path("app", `blobs/${digest}`)), digest);
    });
    const total = (AT_ONCE * BLOB_BYTES) / MIB;
    for (const [what, growth] of Object.entries({ pushed, pulled })) {
      assert.ok(
        growth < total * GROWTH_SHARE_MAX,
        `grew by ${Math.round(growth)} MiB while ${total} MiB were ${what}`,
      );
    }
  });

  it("stays small while many clients pull and take next to nothing", async () => {
    const digest = await under.client.pushBlob("slow", someContent(32 * MIB));
    const tree = new ProcessTree(under.server.pid ?? 0);
    const before = tree.residentMebibytes();
    const clients: RawConnection[] = [];
    try {
      for (let index = 0; index < SLOW_CLIENTS; index++) {
        const client = await RawConnection.open(under.server.url);
        client.pause();
        const headers = { authorization: basic(under.token) };
        client.write(head("GET", under.client.path("slow", `blobs/${digest}`), headers));
        clients.push(client);
      }
      await untilAtRest(tree);
      const growth = tree.residentMebibytes() - before;
      assert.ok(
        growth < SLOW_CLIENTS * SLOW_CLIENT_MEBIBYTES_MAX,
        `grew by ${Math.round(growth)} MiB for ${SLOW_CLIENTS} clients`,
      );
    } finally {
      for (const client of clients) {
        client.destroy();
      }
    }
  });

  /** Pulls a blob without keeping it, and returns its digest. */
  async function pullDigest(path: string): Promise<string> {
    const { hostname, port } = new URL(under.server.url);
    const headers = { authorization: basic(under.token) };
    const outgoing = request({ hostname, port, path, headers, agent: false });
    const answered = once(outgoing, "response");
    outgoing.end();
    const [incoming] = (await answered) as [IncomingMessage];
    const hash = createHash("sha256");
    for await (const chunk of incoming) {
      hash.update(chunk);
    }
    return `sha256:${hash.digest("hex")}`;
  }
});

/** What a process does for clients that take nothing, it has done once it hardly uses its processor. */
async function untilAtRest(tree: ProcessTree): Promise<void> {
  let spent = tree.cpuSeconds();
  let since = performance.now();
  await eventually("the server to be at rest", async () => {
    if (performance.now() - since < 500) {
      return undefined;
    }
    const before = spent;
    spent = tree.cpuSeconds();
    since = performance.now();
    return spent - before < 0.1 ? true : undefined;
  });
}

function piecesOf(bytes: number): Buffer[] {
  return Array.from({ length: bytes / PIECE.byteLength }, () => PIECE);
}

async function* streamOf(pieces: readonly Buffer[]): AsyncIterable<Uint8Array> {
  yield* pieces;
}

function digestOfPieces(pieces: readonly Buffer[]): string {
  const hash = createHash("sha256");
  for (const piece of pieces) {
    hash.update(piece);
  }
  return `sha256:${hash.digest("hex")}`;
}
