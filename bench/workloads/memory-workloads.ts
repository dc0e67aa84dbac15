import { closedLoop } from "../load/closed-loop.ts";
import { digestOf, fixedBytes } from "../load/content.ts";
import { openConnections } from "../load/endpoint.ts";
import { pushBlob, readBlob } from "../load/registry-calls.ts";
import type { Workload } from "./workload.ts";

const AT_A_TIME = 8;
const PIECE_BYTES = 16 * 1024 * 1024;

/** Huge blobs, eight at once, pushed and then pulled. What counts is the table's column of peak memory. */
export const MEMORY_WORKLOADS: readonly Workload[] = [
  {
    name: "memory-huge",
    title: "8 huge blobs pushed at once, then pulled at once",
    unit: "MiB/s",
    better: "higher",
    workUnit: "GiB",
    async measure(endpoint, sizes) {
      const piece = fixedBytes("huge", PIECE_BYTES);
      const blobs = Array.from({ length: AT_A_TIME }, (_, index) => {
        const last = Buffer.from(`${process.pid} ${Date.now()} ${index}`);
        const count = sizes.hugeBytes / PIECE_BYTES;
        const pieces = [...Array.from({ length: count }, () => piece), last];
        return { pieces, digest: digestOf(...pieces) };
      });
      const open = await openConnections(endpoint, AT_A_TIME);
      const limit = { operations: 2 * AT_A_TIME };
      const counted = await closedLoop(open, limit, async (connection, index) => {
        const blob = blobs[index % AT_A_TIME];
        if (blob === undefined) {
          return 0;
        }
        if (index >= AT_A_TIME) {
          return readBlob(connection, endpoint, "blobs", blob.digest);
        }
        await pushBlob(connection, endpoint, "blobs", blob);
        return sizes.hugeBytes;
      });
      for (const connection of open) {
        connection.close();
      }
      const mebibytes = counted.amount / (1024 * 1024);
      return { value: mebibytes / counted.seconds, work: mebibytes / 1024 };
    },
  },
];
