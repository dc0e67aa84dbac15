// Garbage collection beside CNCF distribution's: `node bench/garbage-collection-beside.ts [images] [folder with a bundle]`.
// The same images of two small blobs each are pushed to both, and half as many blobs again that nothing refers to. Prints for how long
// each of them takes no pushes: Moorage while it marks, distribution for all of `registry garbage-collect`, which needs it stopped.
import { REPOSITORY } from "../tools/repository.ts";
import { digestOf } from "./load/content.ts";
import type { Endpoint } from "./load/endpoint.ts";
import { eachOf, manifestOf, pushBlob, pushManifest } from "./load/registry-calls.ts";
import { startDistribution } from "./targets/distribution.ts";
import { collectGarbage, startMoorage } from "./targets/moorage.ts";

const REPOSITORY_NAME = "garbage";

const images = Number(process.argv[2] ?? 2000);
const folder = process.argv[3] ?? REPOSITORY;
const isBundle = process.argv[3] !== undefined;

const ours = await closedByMoorage();
const theirs = await closedByDistribution();
print("images, blobs, of which garbage", `${images}, ${images * 3}, ${images}`);
print("Moorage takes no pushes for", `${Math.round(ours)} ms`);
print("distribution is down for", `${Math.round(theirs)} ms`);
print("ratio", (theirs / Math.max(ours, 1)).toFixed(1));

async function closedByMoorage(): Promise<number> {
  const environment = { MOORAGE_GARBAGE_GRACE: "0s", MOORAGE_LOG_LEVEL: "error" };
  const options = { name: "moorage", folder, isBundle, credentials: "basic", environment } as const;
  const target = await startMoorage(options);
  try {
    await fill(target.endpoint);
    const { readOnlyMilliseconds, blobsDeleted } = await collectGarbage(target.endpoint.port);
    if (blobsDeleted !== images) {
      throw new Error(`Moorage removed ${blobsDeleted} blobs, expected ${images}`);
    }
    return readOnlyMilliseconds;
  } finally {
    await target.stop();
  }
}

async function closedByDistribution(): Promise<number> {
  const options = { name: "distribution", from: "modules", hasPasswords: false } as const;
  const target = await startDistribution(options);
  try {
    await fill(target.endpoint);
    return await target.collectGarbage();
  } finally {
    await target.stop();
  }
}

async function fill(endpoint: Endpoint): Promise<void> {
  const numbers = Array.from({ length: images }, (_, number) => number);
  await eachOf(endpoint, numbers, async (connection, number) => {
    const push = async (text: string) => {
      const bytes = Buffer.from(text.padEnd(200));
      const part = { digest: digestOf(bytes), bytes: bytes.byteLength };
      await pushBlob(connection, endpoint, REPOSITORY_NAME, { pieces: [bytes], ...part });
      return part;
    };
    const config = await push(`config ${number}`);
    const layer = await push(`layer ${number}`);
    await push(`garbage ${number}`);
    const manifest = manifestOf(config, [layer]);
    await pushManifest(connection, endpoint, REPOSITORY_NAME, manifest, `v${number}`);
  });
}

function print(what: string, value: string): void {
  process.stdout.write(`${what.padEnd(34)}${value}\n`);
}
