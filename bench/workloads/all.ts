import { BLOB_WORKLOADS } from "./blob-workloads.ts";
import { IMAGE_WORKLOADS } from "./image-workloads.ts";
import { LIST_WORKLOADS } from "./list-workloads.ts";
import { MEMORY_WORKLOADS } from "./memory-workloads.ts";
import { REQUEST_WORKLOADS } from "./request-workloads.ts";
import type { Workload } from "./workload.ts";

/** All workloads, in the order in which they run. */
export const WORKLOADS: readonly Workload[] = [
  ...BLOB_WORKLOADS,
  ...REQUEST_WORKLOADS,
  ...IMAGE_WORKLOADS,
  ...LIST_WORKLOADS,
  ...MEMORY_WORKLOADS,
];
