import { closedLoop } from "../load/closed-loop.ts";
import type { Connection } from "../load/connection.ts";
import { digestOf, fixedBytes, makeFreshBlobs } from "../load/content.ts";
import { openConnections } from "../load/endpoint.ts";
import {
  eachOf,
  manifestOf,
  type Part,
  pushBlob,
  pushManifest,
  readBlob,
  readManifest,
} from "../load/registry-calls.ts";
import type { Workload } from "./workload.ts";

const REPOSITORY = "images";
const LAYERS = 5;
const LAYER_BYTES = 10 * 1024;
const PULLED_IMAGES = 40;
const AT_A_TIME = 8;

/** Small images, as CI makes them: six blobs of 10 KiB and a manifest each. */
export const IMAGE_WORKLOADS: readonly Workload[] = [
  {
    name: "image-push-small",
    title: "small images pushed, 8 at a time",
    unit: "images/s",
    better: "higher",
    workUnit: "1k images",
    async measure(endpoint, sizes) {
      const blobs = makeFreshBlobs(LAYER_BYTES, sizes.images * (LAYERS + 1)).values();
      const run = `push-${Date.now()}`;
      const open = await openConnections(endpoint, AT_A_TIME);
      const limit = { operations: sizes.images };
      const { amount, seconds } = await closedLoop(open, limit, async (connection, index) => {
        const parts: Part[] = [];
        while (parts.length <= LAYERS) {
          const { value: blob } = blobs.next();
          if (blob === undefined) {
            throw new Error("too few blobs were made");
          }
          await pushBlob(connection, endpoint, REPOSITORY, blob);
          parts.push(blob);
        }
        await pushManifest(
          connection,
          endpoint,
          REPOSITORY,
          manifestOfParts(parts),
          `${run}-${index}`,
        );
        return 1;
      });
      closeAll(open);
      return { value: amount / seconds, work: amount / 1000 };
    },
  },
  {
    name: "image-pull-small",
    title: "small images pulled, 8 at a time",
    unit: "images/s",
    better: "higher",
    workUnit: "1k images",
    async prepare(endpoint) {
      const images = Array.from({ length: PULLED_IMAGES }, (_, index) => index);
      await eachOf(endpoint, images, async (connection, image) => {
        const contents = contentsOf(image);
        for (const content of contents) {
          const blob = { pieces: [content], digest: digestOf(content) };
          await pushBlob(connection, endpoint, REPOSITORY, blob);
        }
        const manifest = manifestOfParts(contents.map(partOf));
        await pushManifest(connection, endpoint, REPOSITORY, manifest, tagOf(image));
      });
    },
    async measure(endpoint, sizes) {
      const images = Array.from({ length: PULLED_IMAGES }, (_, image) => ({
        tag: tagOf(image),
        digests: contentsOf(image).map((content) => digestOf(content)),
      }));
      const open = await openConnections(endpoint, AT_A_TIME);
      const { amount, seconds } = await closedLoop(
        open,
        { seconds: sizes.seconds },
        async (connection, index) => {
          const image = images[index % images.length];
          await readManifest(connection, endpoint, REPOSITORY, image?.tag ?? "");
          for (const digest of image?.digests ?? []) {
            await readBlob(connection, endpoint, REPOSITORY, digest);
          }
          return 1;
        },
      );
      closeAll(open);
      return { value: amount / seconds, work: amount / 1000 };
    },
  },
];

function contentsOf(image: number): Buffer[] {
  return Array.from({ length: LAYERS + 1 }, (_, layer) =>
    fixedBytes(`image-${image}-${layer}`, LAYER_BYTES),
  );
}

function partOf(content: Buffer): Part {
  return { digest: digestOf(content), bytes: content.byteLength };
}

function manifestOfParts(parts: readonly Part[]): Buffer {
  const [config = { digest: "", bytes: 0 }, ...layers] = parts;
  return manifestOf(config, layers);
}

function tagOf(image: number): string {
  return `pull-${image}`;
}

function closeAll(connections: readonly Connection[]): void {
  for (const connection of connections) {
    connection.close();
  }
}
