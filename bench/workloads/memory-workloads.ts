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
      const limit = { operations: AT_A_TIME };
      const pushed = await closedLoop(open, limit, async (connection, index) => {
        const blob = blobs[index];
        if (blob === undefined) {
          return 0;
        }
        await pushBlob(connection, endpoint, "blobs", blob);
        return sizes.hugeBytes;
      });
      const pulled = await closedLoop(open, limit, async (connection, index) =>
        readBlob(connection, endpoint, "blobs", blobs[index]?.digest ?? ""),
      );
      for (const connection of open) {
        connection.close();
      }
      const mebibytes = (pushed.amount + pulled.amount) / (1024 * 1024);
      return { value: mebibytes / (pushed.seconds + pulled.seconds), work: mebibytes / 1024 };
    },
  },
];
