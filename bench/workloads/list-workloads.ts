import { closedLoop, percentile } from "../load/closed-loop.ts";
import { expectStatus } from "../load/connection.ts";
import { digestOf } from "../load/content.ts";
import { type Endpoint, openConnections, pathOf, sendOnce } from "../load/endpoint.ts";
import { eachOf, manifestOf, type Part, pushBlob, pushManifest } from "../load/registry-calls.ts";
import type { Sizes } from "../sizes.ts";
import type { Workload } from "./workload.ts";

const PAGE = 100;
const CONFIG = Buffer.from("{}");
const CONFIG_PART: Part = { digest: digestOf(CONFIG), bytes: CONFIG.byteLength };

/** Lists, one page after the other on one connection. */
export const LIST_WORKLOADS: readonly Workload[] = [
  tagsWorkload("tags-first", "first page of many tags", (sizes) => sizes.tags, ""),
  {
    ...tagsWorkload("tags-middle", "page from the middle of many tags", (sizes) => sizes.tags, ""),
    measure: (endpoint, sizes) =>
      pages(endpoint, sizes, tagsPath(endpoint, sizes.tags, tagOf(sizes.tags / 2))),
  },
  tagsWorkload("tags-few-first", "first page of few tags", (sizes) => sizes.tagsFew, ""),
  catalogWorkload("catalog-first", "first page", () => ""),
  catalogWorkload("catalog-middle", "page from the middle", (endpoint, sizes) => {
    return `&last=${endpoint.prefix}${repositoryOf(sizes.repositories / 2)}`;
  }),
  {
    name: "referrers",
    title: "referrers of one subject",
    unit: "lists/s",
    better: "higher",
    workUnit: "10k",
    prepare: prepareReferrers,
    async measure(endpoint, sizes) {
      const path = pathOf(endpoint, "referrers", `referrers/${digestOf(SUBJECT)}`);
      return pages(endpoint, sizes, path);
    },
  },
  growthWorkload("growth-tags", "tags-first p50, many tags to 100", tagsPath),
  growthWorkload("growth-manifest", "manifest GET p50, many tags to 100", (endpoint, tags) =>
    pathOf(endpoint, tagRepository(tags), `manifests/${tagOf(tags / 2)}`),
  ),
];

async function pages(endpoint: Endpoint, sizes: Sizes, path: string) {
  const { amount, seconds } = await read(endpoint, sizes, path);
  return { value: amount / seconds, work: amount / 10_000 };
}

async function read(endpoint: Endpoint, sizes: Sizes, path: string) {
  const open = await openConnections(endpoint, 1);
  const headers = ["Accept: application/vnd.oci.image.manifest.v1+json, */*"];
  const counted = await closedLoop(open, { seconds: sizes.seconds }, async (connection) => {
    expectStatus(await connection.send({ method: "GET", path, headers }), 200);
    return 1;
  });
  for (const connection of open) {
    connection.close();
  }
  return counted;
}

function tagsWorkload(
  name: string,
  title: string,
  tags: (sizes: Sizes) => number,
  last: string,
): Workload {
  return {
    name,
    title,
    unit: "req/s",
    better: "higher",
    workUnit: "10k",
    prepare: (endpoint, sizes) => prepareTags(endpoint, tags(sizes)),
    measure: (endpoint, sizes) => pages(endpoint, sizes, tagsPath(endpoint, tags(sizes), last)),
  };
}

/** How many times as long a request takes among many tags as among a hundred. */
function growthWorkload(
  name: string,
  title: string,
  path: (endpoint: Endpoint, tags: number) => string,
): Workload {
  return {
    name,
    title,
    unit: "×",
    better: "lower",
    async prepare(endpoint, sizes) {
      await prepareTags(endpoint, PAGE);
      await prepareTags(endpoint, sizes.tags);
    },
    async measure(endpoint, sizes) {
      const few = await read(endpoint, sizes, path(endpoint, PAGE));
      const many = await read(endpoint, sizes, path(endpoint, sizes.tags));
      const value = percentile(many.milliseconds, 50) / percentile(few.milliseconds, 50);
      return { value, work: (few.amount + many.amount) / 10_000 };
    },
  };
}

const prepared = new Set<string>();

/** Pushes a manifest under each tag, unless an earlier workload has done so. */
async function prepareTags(endpoint: Endpoint, tags: number): Promise<void> {
  const key = `${endpoint.name} ${tags}`;
  if (prepared.has(key)) {
    return;
  }
  prepared.add(key);
  const repository = tagRepository(tags);
  await pushConfig(endpoint, repository);
  const numbers = Array.from({ length: tags }, (_, index) => index);
  await eachOf(endpoint, numbers, (connection, index) => {
    const manifest = manifestOf(CONFIG_PART, [], { note: `manifest ${index}` });
    return pushManifest(connection, endpoint, repository, manifest, tagOf(index));
  });
}

function tagRepository(tags: number): string {
  return `tags-${tags}`;
}

function tagsPath(endpoint: Endpoint, tags: number, last = ""): string {
  const query = `?n=${PAGE}${last === "" ? "" : `&last=${last}`}`;
  return `${pathOf(endpoint, tagRepository(tags), "tags/list")}${query}`;
}

function tagOf(index: number): string {
  return `v1.${String(Math.floor(index)).padStart(7, "0")}`;
}

function catalogWorkload(
  name: string,
  title: string,
  last: (endpoint: Endpoint, sizes: Sizes) => string,
): Workload {
  return {
    name,
    title: `catalog of many repositories, ${title}`,
    unit: "req/s",
    better: "higher",
    workUnit: "10k",
    prepare: prepareRepositories,
    measure: (endpoint, sizes) =>
      pages(endpoint, sizes, `/v2/_catalog?n=${PAGE}${last(endpoint, sizes)}`),
  };
}

async function prepareRepositories(endpoint: Endpoint, sizes: Sizes): Promise<void> {
  const key = `${endpoint.name} repositories`;
  if (prepared.has(key)) {
    return;
  }
  prepared.add(key);
  const numbers = Array.from({ length: sizes.repositories }, (_, index) => index);
  await eachOf(endpoint, numbers, async (connection, index) => {
    const repository = repositoryOf(index);
    await pushBlob(connection, endpoint, repository, {
      pieces: [CONFIG],
      digest: CONFIG_PART.digest,
    });
    await pushManifest(connection, endpoint, repository, manifestOf(CONFIG_PART, []), "latest");
  });
}

function repositoryOf(index: number): string {
  return `many/repository-${String(Math.floor(index)).padStart(6, "0")}`;
}

const SUBJECT = manifestOf(CONFIG_PART, [], { note: "the subject" });

async function prepareReferrers(endpoint: Endpoint, sizes: Sizes): Promise<void> {
  await pushConfig(endpoint, "referrers");
  const subject = { digest: digestOf(SUBJECT), bytes: SUBJECT.byteLength };
  const numbers = Array.from({ length: sizes.referrers }, (_, index) => index);
  await eachOf(endpoint, numbers, (connection, index) => {
    const artifactType = "application/vnd.example.signature";
    const more = { subject, artifactType, note: `signature ${index}` };
    return pushManifest(connection, endpoint, "referrers", manifestOf(CONFIG_PART, [], more));
  });
  await expectReferrers(endpoint, sizes.referrers);
}

/** A list that is quick because it is short would be no list. Registries without the endpoint are left out. */
async function expectReferrers(endpoint: Endpoint, count: number): Promise<void> {
  let path: string | undefined = pathOf(endpoint, "referrers", `referrers/${digestOf(SUBJECT)}`);
  let found = 0;
  while (path !== undefined) {
    const answer = await sendOnce(endpoint, { method: "GET", path, keepsBody: true });
    expectStatus(answer, 200);
    found += answer.body.toString().split('"digest"').length - 1;
    path = /^link: *<([^>]*)>/im.exec(answer.head)?.[1];
  }
  if (found !== count) {
    throw new Error(`${endpoint.name} lists ${found} referrers of ${count}`);
  }
}

async function pushConfig(endpoint: Endpoint, repository: string): Promise<void> {
  const [connection] = await openConnections(endpoint, 1);
  if (connection !== undefined) {
    const blob = { pieces: [CONFIG], digest: CONFIG_PART.digest };
    await pushBlob(connection, endpoint, repository, blob);
    connection.close();
  }
}
