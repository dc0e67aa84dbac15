import { closedLoop } from "../load/closed-loop.ts";
import { digestOf, fixedBytes, makeFreshBlobs } from "../load/content.ts";
import { type Endpoint, openConnections } from "../load/endpoint.ts";
import { pushBlob, pushBlobInChunks, readBlob } from "../load/registry-calls.ts";
import type { Sizes } from "../sizes.ts";
import type { Sample, Workload } from "./workload.ts";

const MIB = 1024 * 1024;
const REPOSITORY = "blobs";
const SEED = "blob-pull";

export const BLOB_WORKLOADS: readonly Workload[] = [
  pullWorkload("blob-pull-8", 8),
  pullWorkload("blob-pull-1", 1),
  pushWorkload("blob-push-8", "8 connections", (endpoint, sizes) =>
    push(endpoint, 8, sizes.pushBytesOfMany, sizes.pushes),
  ),
  pushWorkload("blob-push-1", "1 connection", (endpoint, sizes) =>
    push(endpoint, 1, sizes.pushBytesOfOne, sizes.pushes / 4),
  ),
  pushWorkload("blob-push-chunked", "PATCHes, 4 connections", (endpoint, sizes) =>
    push(endpoint, 4, sizes.pushBytesOfMany, sizes.pushes / 2, sizes.chunkBytes),
  ),
];

function pullWorkload(name: string, connections: number): Workload {
  return {
    name,
    title: `pulls of one blob, ${connections} at a time`,
    unit: "MiB/s",
    better: "higher",
    workUnit: "GiB",
    async prepare(endpoint, sizes) {
      const content = fixedBytes(SEED, sizes.pullBytes);
      const [connection] = await openConnections(endpoint, 1);
      if (connection !== undefined) {
        const blob = { pieces: [content], digest: digestOf(content) };
        await pushBlob(connection, endpoint, REPOSITORY, blob);
        connection.close();
      }
    },
    async measure(endpoint, sizes) {
      const digest = pulledDigest(sizes.pullBytes);
      const open = await openConnections(endpoint, connections);
      const operations = connections === 1 ? sizes.pulls / 4 : sizes.pulls;
      const counted = await closedLoop(open, { operations }, (connection) =>
        readBlob(connection, endpoint, REPOSITORY, digest),
      );
      for (const connection of open) {
        connection.close();
      }
      return throughput(counted);
    },
  };
}

const digests = new Map<number, string>();

function pulledDigest(bytes: number): string {
  const known = digests.get(bytes) ?? digestOf(fixedBytes(SEED, bytes));
  digests.set(bytes, known);
  return known;
}

function pushWorkload(
  name: string,
  how: string,
  measure: (endpoint: Endpoint, sizes: Sizes) => Promise<Sample>,
): Workload {
  return {
    name,
    title: `pushes of random bytes, ${how}`,
    unit: "MiB/s",
    better: "higher",
    workUnit: "GiB",
    measure,
  };
}

async function push(
  endpoint: Endpoint,
  connections: number,
  bytes: number,
  count: number,
  chunkBytes?: number,
): Promise<Sample> {
  const blobs = makeFreshBlobs(bytes, count).values();
  const open = await openConnections(endpoint, connections);
  const counted = await closedLoop(open, { operations: count }, async (connection) => {
    const { value: blob } = blobs.next();
    if (blob === undefined) {
      return 0;
    }
    if (chunkBytes === undefined) {
      await pushBlob(connection, endpoint, REPOSITORY, blob);
    } else {
      await pushBlobInChunks(connection, endpoint, REPOSITORY, blob, chunkBytes);
    }
    return blob.bytes;
  });
  for (const connection of open) {
    connection.close();
  }
  return throughput(counted);
}

function throughput({ amount, seconds }: { amount: number; seconds: number }): Sample {
  return { value: amount / MIB / seconds, work: amount / (1024 * MIB) };
}
