import { closedLoop, percentile } from "../load/closed-loop.ts";
import { Connection, expectStatus } from "../load/connection.ts";
import { digestOf, fixedBytes } from "../load/content.ts";
import { authorizationOf, type Endpoint, openConnections } from "../load/endpoint.ts";
import { manifestOf, pushBlob, pushManifest, readManifest } from "../load/registry-calls.ts";
import type { Sizes } from "../sizes.ts";
import type { Workload } from "./workload.ts";

const REPOSITORY = "manifests";
const TAG = "latest";

/** Small requests: the manifest is there, only its delivery is measured. */
export const REQUEST_WORKLOADS: readonly Workload[] = [
  manifestRate("manifest-get-tag", "GET by tag", () => TAG, "GET"),
  manifestRate("manifest-get-digest", "GET by digest", () => digestOf(imageManifest()), "GET"),
  manifestRate("manifest-head", "HEAD by tag", () => TAG, "HEAD"),
  {
    name: "manifest-get-1",
    title: "manifest GET by tag, 1 connection, p50",
    unit: "ms",
    better: "lower",
    prepare,
    async measure(endpoint, sizes) {
      const counted = await readFor(endpoint, TAG, "GET", 1, sizes);
      return { value: percentile(counted.milliseconds, 50), work: counted.amount / 10_000 };
    },
  },
  {
    name: "auth-cold",
    title: "GET /v2/ on a new connection each, 8 at a time",
    unit: "req/s",
    better: "higher",
    workUnit: "10k",
    async measure(endpoint, sizes) {
      const headers = await authorizationOf(endpoint);
      const clients = Array.from({ length: 8 }, (_, index) => index);
      const limit = { seconds: sizes.seconds };
      const { amount, seconds } = await closedLoop(clients, limit, async () => {
        const connection = await Connection.open(endpoint.host, endpoint.port, headers);
        expectStatus(await connection.send({ method: "GET", path: "/v2/" }), 200);
        connection.close();
        return 1;
      });
      return { value: amount / seconds, work: amount / 10_000 };
    },
  },
];

function manifestRate(
  name: string,
  title: string,
  reference: () => string,
  method: string,
): Workload {
  return {
    name,
    title: `manifest ${title}, 32 connections`,
    unit: "req/s",
    better: "higher",
    workUnit: "10k",
    prepare,
    async measure(endpoint, sizes) {
      const counted = await readFor(endpoint, reference(), method, 32, sizes);
      return { value: counted.amount / counted.seconds, work: counted.amount / 10_000 };
    },
  };
}

async function readFor(
  endpoint: Endpoint,
  reference: string,
  method: string,
  connections: number,
  sizes: Sizes,
) {
  const open = await openConnections(endpoint, connections);
  const counted = await closedLoop(open, { seconds: sizes.seconds }, async (connection) => {
    await readManifest(connection, endpoint, REPOSITORY, reference, method);
    return 1;
  });
  for (const connection of open) {
    connection.close();
  }
  return counted;
}

async function prepare(endpoint: Endpoint): Promise<void> {
  const [connection] = await openConnections(endpoint, 1);
  if (connection !== undefined) {
    for (const content of [CONFIG, ...LAYERS]) {
      const blob = { pieces: [content], digest: digestOf(content) };
      await pushBlob(connection, endpoint, REPOSITORY, blob);
    }
    await pushManifest(connection, endpoint, REPOSITORY, imageManifest(), TAG);
    connection.close();
  }
}

const CONFIG = Buffer.from("{}");
const LAYERS = Array.from({ length: 5 }, (_, index) => fixedBytes(`layer-${index}`, 1024));

function imageManifest(): Buffer {
  const parts = [CONFIG, ...LAYERS].map((content) => ({
    digest: digestOf(content),
    bytes: content.byteLength,
  }));
  const [config = { digest: "", bytes: 0 }, ...layers] = parts;
  return manifestOf(config, layers);
}
