// What the metadata store costs by itself, without HTTP: `node --conditions=@moorage/source bench/metadata.ts [tags]`.
// Prints microseconds per call, or calls per second. Figures of one run on one machine compare only with each other.
import { randomBytes } from "node:crypto";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { SqliteMetadataStore } from "../provider/server/src/adapters/metadata-sqlite/sqlite-metadata-store.ts";
import {
  APP,
  describing,
  digestFor,
  imageOf,
  makeScope,
  makeToken,
  NOW,
  newSecretHash,
  populate,
  pushTo,
  repository,
  sealed,
  tag,
} from "../test/support/metadata-samples.ts";

const tagCount = Number(process.argv[2] ?? 20_000);
const directory = await mkdtemp(join(tmpdir(), "moorage-bench-"));
const store = await SqliteMetadataStore.open(join(directory, "metadata.sqlite"));
await store.migrate();
const registry = await populate(store);
const secretHash = newSecretHash();
await store.tokens.create(makeToken(registry, { scopes: [makeScope("*")] }), secretHash);

await measure("blobs committed, one after the other", 2000, 1, (turn) => commitBlob(`one ${turn}`));
await measure("blobs committed, 8 at a time", 4000, 8, (turn) => commitBlob(`eight ${turn}`));
await measure("blobs committed, 64 at a time", 8000, 64, (turn) => commitBlob(`many ${turn}`));
await measure("small images, 8 at a time", 500, 8, pushImage);
await measure("manifests pushed with a tag, 64 at a time", tagCount, 64, (turn) =>
  pushTo(store, registry, APP, imageOf(`image ${turn}`, []), `v${turn}`),
);
for (let turn = 0; turn < 500; turn++) {
  const text = `referrer ${turn}`;
  await pushTo(store, registry, APP, imageOf(text, [], { subject: describing("image 0") }));
}

const byTag = (turn: number) => ({ kind: "tag", tag: tag(`v${turn % tagCount}`) }) as const;
await measure("manifest by tag", 50_000, 1, (turn) =>
  store.manifests.find(registry.id, APP, byTag(turn * 7919)),
);
await measure("token by secret", 50_000, 1, () => store.tokens.findBySecretHash(secretHash, NOW));
await measure("registry by name", 50_000, 1, () => store.registries.findByName(registry.name));
await measure("blob", 50_000, 1, (turn) =>
  store.blobs.find(registry.id, APP, digestFor(`many ${turn % 8000}`)),
);
for (const [what, after] of [
  ["first", ""],
  ["middle", "v5"],
  ["last", "v98"],
] as const) {
  await measure(`tags, ${what} 100`, 5000, 1, () =>
    store.repositories.tags(registry.id, APP, { after, limit: 100 }),
  );
}
await measure("500 referrers", 500, 1, () =>
  store.manifests.referrers(
    registry.id,
    APP,
    digestFor("image 0"),
    { artifactType: undefined },
    { limit: 500 },
  ),
);
await measure("usage of the registry", 20_000, 1, () =>
  store.registries.usage(registry.organizationId, registry.id),
);
await measure("removal of the registry", 1, 1, () =>
  store.registries.remove(registry.organizationId, registry.id),
);
await store.close();
await rm(directory, { recursive: true });

/** A blob of 10 KiB that lives in the database. */
async function commitBlob(text: string, name = APP): Promise<void> {
  const blob = { digest: digestFor(text), size: 10_240 };
  const location = { kind: "inline", sealed: sealed(randomBytes(5120).toString("hex")) } as const;
  await store.blobs.commit(registry.id, name, { ...blob, location }, undefined, NOW);
}

/** Five layers, a config and a manifest, one after the other. */
async function pushImage(turn: number): Promise<void> {
  const name = repository(`small/${turn}`);
  const blobs = Array.from({ length: 6 }, (_, number) => `image ${turn} blob ${number}`);
  for (const blob of blobs) {
    await commitBlob(blob, name);
  }
  await pushTo(store, registry, name, imageOf(`small image ${turn}`, blobs), "v1");
}

async function measure(
  what: string,
  count: number,
  atOnce: number,
  work: (turn: number) => Promise<unknown>,
): Promise<void> {
  const cpu = process.cpuUsage();
  const start = performance.now();
  let next = 0;
  await Promise.all(
    Array.from({ length: atOnce }, async () => {
      while (next < count) {
        await work(next++);
      }
    }),
  );
  const milliseconds = performance.now() - start;
  const { user, system } = process.cpuUsage(cpu);
  const row = [
    what.padEnd(44),
    `${Math.round((count * 1000) / milliseconds)}/s`.padStart(10),
    `${((milliseconds * 1000) / count).toFixed(1)} µs`.padStart(14),
    `${((user + system) / count).toFixed(1)} µs CPU`.padStart(18),
  ];
  process.stdout.write(`${row.join(" ")}\n`);
}
