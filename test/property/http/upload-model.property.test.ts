import assert from "node:assert/strict";
import fc from "fast-check";
import type { FastifyInstance } from "fastify";
import { LiveUploads } from "../../../provider/server/src/app/live-uploads.ts";
import { createServer } from "../../../provider/server/src/http/server.ts";
import { patternBytes } from "../../support/byte-patterns.ts";
import { digestOf, UNKNOWN_DIGEST } from "../../support/content.ts";
import {
  assertStatus,
  type DistributionClient,
  withDigest,
} from "../../support/distribution-client.ts";
import type { Answer } from "../../support/http-request.ts";
import { LocalRegistry } from "../../support/local-registry.ts";
import { auditStorage } from "../../support/storage-audit.ts";

/** An upload as it should be: what it holds, or that it is over. */
interface UploadModel {
  readonly location: string;
  readonly bytes: Buffer;
  readonly isOver: boolean;
}

interface Model {
  uploads: UploadModel[];
  /** Digests of the repository's blobs, with their bytes. */
  readonly blobs: Map<string, Buffer>;
}

/** The same data behind two processes, as far as uploads are concerned: neither knows what the other has in memory. */
interface Real {
  readonly repository: string;
  readonly clients: readonly DistributionClient[];
}

type Command = fc.AsyncCommand<Model, Real>;

/** Sends a request on one of the uploads there have been, through one of the processes. */
abstract class OnUpload implements Command {
  readonly which: number;
  readonly process: number;
  readonly more: number;

  constructor(which: number, process: number, more: number) {
    this.which = which;
    this.process = process;
    this.more = more;
  }

  check(model: Readonly<Model>): boolean {
    return model.uploads.length > 0;
  }

  async run(model: Model, real: Real): Promise<void> {
    const index = this.which % model.uploads.length;
    const upload = model.uploads[index];
    const client = clientOf(real, this.process);
    assert.ok(upload !== undefined);
    const then = await this.act(client, upload, model);
    model.uploads = model.uploads.with(index, then);
    await checkAgainst(model, real, this.process + 1);
  }

  /** Sends the request, looks at the answer, and returns what the upload should be then. */
  abstract act(client: DistributionClient, upload: UploadModel, model: Model): Promise<UploadModel>;

  toString(): string {
    return `${this.constructor.name}(${this.which}, ${this.process}, ${this.more})`;
  }
}

class Append extends OnUpload {
  async act(client: DistributionClient, upload: UploadModel): Promise<UploadModel> {
    const body = Buffer.from(patternBytes(this.more, this.which + 1));
    const answer = await client.send("PATCH", upload.location, { body });
    if (upload.isOver) {
      assertStatus(answer, 404);
      return upload;
    }
    assertStatus(answer, 202);
    return { ...upload, bytes: Buffer.concat([upload.bytes, body]) };
  }
}

class AppendElsewhere extends OnUpload {
  async act(client: DistributionClient, upload: UploadModel): Promise<UploadModel> {
    const start = upload.bytes.byteLength + 1 + this.more;
    const headers = { "content-range": `${start}-${start + 4}` };
    const answer = await client.send("PATCH", upload.location, { body: "12345", headers });
    assertStatus(answer, upload.isOver ? 404 : 416);
    return upload;
  }
}

class Finish extends OnUpload {
  async act(client: DistributionClient, upload: UploadModel, model: Model): Promise<UploadModel> {
    const body = Buffer.from(patternBytes(this.more, 99));
    const bytes = Buffer.concat([upload.bytes, body]);
    const digest = digestOf(bytes, this.more % 3 === 0 ? "sha512" : "sha256");
    const answer = await client.send("PUT", withDigest(upload.location, digest), { body });
    assertStatus(answer, upload.isOver ? 404 : 201);
    if (!upload.isOver) {
      model.blobs.set(digest, bytes);
    }
    return { ...upload, isOver: true };
  }
}

class FinishWithOtherDigest extends OnUpload {
  async act(client: DistributionClient, upload: UploadModel): Promise<UploadModel> {
    const answer = await client.send("PUT", withDigest(upload.location, UNKNOWN_DIGEST));
    assertStatus(answer, upload.isOver ? 404 : 400);
    return { ...upload, isOver: true };
  }
}

class Cancel extends OnUpload {
  async act(client: DistributionClient, upload: UploadModel): Promise<UploadModel> {
    assertStatus(await client.send("DELETE", upload.location), upload.isOver ? 404 : 204);
    return { ...upload, isOver: true };
  }
}

class Start implements Command {
  readonly process: number;

  constructor(process: number) {
    this.process = process;
  }

  check(): boolean {
    return true;
  }

  async run(model: Model, real: Real): Promise<void> {
    const location = await clientOf(real, this.process).startUpload(real.repository);
    model.uploads.push({ location, bytes: Buffer.alloc(0), isOver: false });
  }

  toString(): string {
    return `Start(${this.process})`;
  }
}

describe("upload sessions, on two processes", function () {
  this.timeout(180_000);
  let local: LocalRegistry;
  let other: FastifyInstance;
  let clients: DistributionClient[];

  before(async () => {
    local = await LocalRegistry.start();
    other = createServer({ ...local.context, liveUploads: new LiveUploads() });
    const url = await other.listen({ host: "127.0.0.1", port: 0 });
    clients = [local.client, local.client.with({ url })];
  });
  after(async () => {
    await other.close();
    await local.close();
  });

  it("do what their model does", async () => {
    let count = 0;
    const process = fc.nat(1);
    const bytes = fc.oneof(fc.nat(200), fc.nat(70_000), fc.nat(300_000));
    const args = [fc.nat(3), process, bytes] as const;
    const commands = fc.commands(
      [
        process.map((each) => new Start(each)),
        fc.tuple(...args).map((each) => new Append(...each)),
        fc.tuple(...args).map((each) => new Append(...each)),
        fc.tuple(...args).map((each) => new Finish(...each)),
        fc.tuple(...args).map((each) => new AppendElsewhere(...each)),
        fc.tuple(...args).map((each) => new FinishWithOtherDigest(...each)),
        fc.tuple(...args).map((each) => new Cancel(...each)),
      ],
      { maxCommands: 25 },
    );
    await fc.assert(
      fc.asyncProperty(commands, async (plan) => {
        const repository = `model/r${count++}`;
        const setup = () => ({
          model: { uploads: [], blobs: new Map<string, Buffer>() },
          real: { repository, clients },
        });
        await fc.asyncModelRun(setup, plan);
        assert.deepEqual(await auditStorage(local.dataDir), { broken: [], orphans: [] });
      }),
      { numRuns: 80 },
    );
  });
});

function clientOf({ clients }: Real, process: number): DistributionClient {
  const client = clients[process % clients.length];
  assert.ok(client !== undefined);
  return client;
}

/** Every upload is where it should be, and every blob is what it should be, whichever process is asked. */
async function checkAgainst(model: Model, real: Real, process: number): Promise<void> {
  const client = clientOf(real, process);
  for (const { location, bytes, isOver } of model.uploads) {
    const status: Answer = await client.send("GET", location);
    assertStatus(status, isOver ? 404 : 204);
    if (!isOver) {
      assert.equal(status.headers["range"], `0-${Math.max(0, bytes.byteLength - 1)}`);
    }
  }
  for (const [digest, bytes] of model.blobs) {
    const answer = await client.ask("GET", real.repository, `blobs/${digest}`);
    assertStatus(answer, 200);
    assert.ok(answer.body.equals(bytes), `${digest} has other bytes`);
  }
}
