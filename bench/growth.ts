// Whether lists and look-ups cost the same among many entries as among few:
// `node bench/growth.ts [entries] [folder with a bundle]`. Prints medians in milliseconds.
//
// Two registries, one with 100 tags, repositories and referrers, one with as many as are asked for. What is fetched is pushed over
// HTTP; the mass around it is put into the database at once, while no server runs.
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { REPOSITORY } from "../tools/repository.ts";
import { closedLoop, percentile } from "./load/closed-loop.ts";
import { expectStatus } from "./load/connection.ts";
import { digestOf } from "./load/content.ts";
import { type Endpoint, openConnections, pathOf } from "./load/endpoint.ts";
import { eachOf, manifestOf, pushBlob, pushManifest } from "./load/registry-calls.ts";
import { addRegistry, startOn } from "./targets/moorage.ts";
import { temporaryDirectory } from "./targets/server-process.ts";

const FEW = 100;
const PAGE = 50;
const SECONDS = 0.5;
const ROUNDS = 8;
/** Every round has a new connection, so that all workers are warm after these. */
const WARM_UP_ROUNDS = 5;
const REPOSITORY_NAME = "growth";
const CONFIG = Buffer.from("{}");
const CONFIG_PART = { digest: digestOf(CONFIG), bytes: CONFIG.byteLength };
const SUBJECT = manifestOf(CONFIG_PART, [], { note: "the subject" });

const many = Number(process.argv[2] ?? 100_000);
const folder = process.argv[3] ?? REPOSITORY;
const isBundle = process.argv[3] !== undefined;

/** What is asked for, by what it shows. */
function requestsOf(endpoint: Endpoint, entries: number): Readonly<Record<string, string>> {
  const middle = String(Math.floor(entries / 2)).padStart(9, "0");
  const path = (rest: string) => pathOf(endpoint, REPOSITORY_NAME, rest);
  const catalog = `/v2/${endpoint.prefix}_catalog?n=${PAGE}`;
  return {
    "manifest by tag": path("manifests/real"),
    "tags, first page": path(`tags/list?n=${PAGE}`),
    "tags, from the middle": path(`tags/list?n=${PAGE}&last=filling-${middle}`),
    "catalog, first page": catalog,
    "catalog, from the middle": `${catalog}&last=filling/${middle}`,
    "referrers, first page": path(`referrers/${digestOf(SUBJECT)}?n=${PAGE}`),
  };
}

const directory = await temporaryDirectory();
const data = join(directory.path, "data");
try {
  const [few, lots] = await prepare();
  const server = await startOn({ folder, isBundle, environment: {} }, data);
  try {
    await compare({ ...few, port: server.port }, { ...lots, port: server.port });
  } finally {
    await server.stop();
  }
} finally {
  await directory.remove();
}

async function prepare(): Promise<[Endpoint, Endpoint]> {
  const server = await startOn({ folder, isBundle, environment: {} }, data);
  const endpoints: Endpoint[] = [];
  try {
    for (const name of ["few", "many"]) {
      const credentials = await addRegistry(server.url, name);
      const { port } = server;
      const prefix = `${name}/`;
      const endpoint = { name, host: "127.0.0.1", port, prefix, credentials };
      await pushReal(endpoint);
      endpoints.push(endpoint);
    }
  } finally {
    await server.stop();
  }
  fill("few", FEW);
  fill("many", many);
  const [few, lots] = endpoints;
  if (few === undefined || lots === undefined) {
    throw new Error("a registry is missing");
  }
  return [few, lots];
}

async function pushReal(endpoint: Endpoint): Promise<void> {
  const subject = { digest: digestOf(SUBJECT), bytes: SUBJECT.byteLength };
  await eachOf(endpoint, ["config"], (connection) =>
    pushBlob(connection, endpoint, REPOSITORY_NAME, {
      pieces: [CONFIG],
      digest: CONFIG_PART.digest,
    }),
  );
  await eachOf(endpoint, ["subject"], (connection) =>
    pushManifest(connection, endpoint, REPOSITORY_NAME, SUBJECT, "real"),
  );
  const referrers = Array.from({ length: FEW }, (_, index) => index);
  await eachOf(endpoint, referrers, (connection, index) => {
    const more = { subject, artifactType: "application/vnd.example.signature", note: `${index}` };
    return pushManifest(connection, endpoint, REPOSITORY_NAME, manifestOf(CONFIG_PART, [], more));
  });
}

/** Adds tags, repositories and referrers to a registry. The digests made up here sort behind the real ones, and are never opened. */
function fill(registry: string, entries: number): void {
  const database = new DatabaseSync(join(data, "metadata.sqlite"));
  const numbers = `with recursive numbers (number) as (select 1 union all select number + 1 from numbers where number < ${entries})`;
  const of = `(select key from registries where name = '${registry}')`;
  const main = `(select key from repositories where registry_key = ${of} and name = '${REPOSITORY_NAME}')`;
  const type = "application/vnd.oci.image.manifest.v1+json";
  database.exec(`
    begin;
    ${numbers} insert into repositories (registry_key, name, manifest_count, created_at)
      select ${of}, printf('filling/%09d', number), 1, 0 from numbers;
    ${numbers} insert into manifests (repository_key, digest, media_type, artifact_type, subject_digest, size, created_at, sealed)
      select ${main}, printf('sha256:ffff%060d', number), '${type}', 'application/vnd.example.signature',
        '${digestOf(SUBJECT)}', 1000, 0, zeroblob(200) from numbers;
    ${numbers} insert into tags (repository_key, name, manifest_key, updated_at)
      select ${main}, printf('filling-%09d', number),
        (select key from manifests where repository_key = ${main} and digest = printf('sha256:ffff%060d', number)), 0
      from numbers;
    commit;
  `);
  database.close();
}

async function compare(few: Endpoint, lots: Endpoint): Promise<void> {
  const paths = { few: requestsOf(few, FEW), many: requestsOf(lots, many) };
  process.stdout.write(`| request | p50 of ${FEW}, ms | p50 of ${many}, ms | × |\n`);
  process.stdout.write("| --- | ---: | ---: | ---: |\n");
  for (const name of Object.keys(paths.few)) {
    const medians: { few: number[]; many: number[] } = { few: [], many: [] };
    for (let round = 0; round < WARM_UP_ROUNDS + ROUNDS; round++) {
      const one = await medianOf(few, paths.few[name] ?? "");
      const other = await medianOf(lots, paths.many[name] ?? "");
      if (round >= WARM_UP_ROUNDS) {
        medians.few.push(one);
        medians.many.push(other);
      }
    }
    const [one, other] = [Math.min(...medians.few), Math.min(...medians.many)];
    process.stdout.write(
      `| ${name} | ${one.toFixed(3)} | ${other.toFixed(3)} | ${(other / one).toFixed(2)} |\n`,
    );
  }
}

async function medianOf(endpoint: Endpoint, path: string): Promise<number> {
  const [connection] = await openConnections(endpoint, 1);
  if (connection === undefined) {
    throw new Error("no connection");
  }
  const { milliseconds } = await closedLoop([connection], { seconds: SECONDS }, async () => {
    expectStatus(await connection.send({ method: "GET", path, headers: ["Accept: */*"] }), 200);
    return 1;
  });
  connection.close();
  return percentile(milliseconds, 50);
}
