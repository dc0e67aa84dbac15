import assert from "node:assert/strict";
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { setTimeout as delay } from "node:timers/promises";
import { sweepOrphans } from "../../provider/server/src/app/sweep-orphans.ts";
import { compose } from "../../provider/server/src/compose.ts";
import { ORPHAN_AGE_MILLISECONDS_MIN } from "../../provider/server/src/domain/limits.ts";
import {
  BlobPusher,
  type CrashActor,
  Mounter,
  PatientUploader,
  TagMover,
} from "../support/crash-actors.ts";
import { DistributionClient } from "../support/distribution-client.ts";
import { settingsFor } from "../support/local-registry.ts";
import { makeRegistry, makeToken } from "../support/management.ts";
import { SeededRandom } from "../support/seeded-random.ts";
import { auditStorage } from "../support/storage-audit.ts";
import { temporaryDirectory } from "../support/temporary-directory.ts";

const PROGRAM = join(import.meta.dirname, "../support/bare-server.ts");
const KILLS = 100;
const LIFE_MILLISECONDS_MAX = 150;
/** After so many kills, everything that was ever acknowledged is looked at again. */
const KILLS_PER_FULL_CHECK = 50;

describe("a server that is killed again and again", function () {
  this.timeout(600_000);
  const random = SeededRandom.fromEnvironment();
  const processes: ChildProcess[] = [];
  let directory: { path: string; remove: () => Promise<void> };

  before(async () => {
    directory = await temporaryDirectory();
  });
  after(async () => {
    for (const child of processes) {
      child.kill("SIGKILL");
    }
    await directory.remove();
  });

  /** Loads a server that begins later. */
  const load = () => {
    const child = spawn(process.execPath, ["--conditions=@moorage/source", PROGRAM], {
      stdio: ["pipe", "pipe", "inherit"],
      env: { ...process.env, NODE_COMPILE_CACHE: join(directory.path, "compiled") },
    });
    processes.push(child);
    return child;
  };
  const dataDir = () => join(directory.path, "data");
  const begin = async (child: ChildProcess): Promise<string> => {
    assert.ok(child.stdin && child.stdout);
    child.stdin.write(`${dataDir()}\n`);
    const [url] = await once(createInterface(child.stdout), "line");
    return url;
  };
  const kill = async (child: ChildProcess) => {
    const closed = once(child, "close");
    child.kill("SIGKILL");
    await closed;
    processes.splice(processes.indexOf(child), 1);
  };

  it(`keeps every promise, ${KILLS} times (SEED=${random.seed})`, async () => {
    const pusher = new BlobPusher("pushed/a");
    const actors: readonly CrashActor[] = [
      pusher,
      new BlobPusher("pushed/b"),
      new Mounter(pusher),
      new TagMover("tagged/a"),
      new TagMover("tagged/b"),
      new PatientUploader("patient"),
    ];
    let next = load();
    let known: DistributionClient | undefined;
    for (let kills = 0; kills <= KILLS; kills++) {
      const child = next;
      const url = await begin(child);
      const client = known?.with({ url }) ?? (await makeClient(url));
      known = client;
      next = load();
      const isFull = kills % KILLS_PER_FULL_CHECK === 0;
      await checkEverything(client, actors, isFull);
      const life = new AbortController();
      const work = Promise.all(actors.map((actor) => act(client, actor, random, life.signal)));
      // Who fails before the kill is heard of after it.
      work.catch(() => {});
      await delay(random.integer(0, LIFE_MILLISECONDS_MAX));
      life.abort();
      await kill(child);
      await work;
    }
    await kill(next);
  });

  it("leaves garbage alone, which a sweep finds", async () => {
    const { context, close } = await compose(settingsFor(dataDir()));
    try {
      const { orphans } = await auditStorage(dataDir());
      const clock = { now: () => Date.now() + 2 * ORPHAN_AGE_MILLISECONDS_MIN };
      assert.equal(await sweepOrphans({ ...context, clock }), orphans.length);
      assert.deepEqual(await auditStorage(dataDir()), { broken: [], orphans: [] });
    } finally {
      await close();
    }
  });

  async function checkEverything(
    client: DistributionClient,
    actors: readonly CrashActor[],
    isFull: boolean,
  ): Promise<void> {
    assert.deepEqual((await auditStorage(dataDir())).broken, []);
    for (const actor of actors) {
      await actor.check(client);
      if (isFull) {
        await actor.checkAll(client);
      }
    }
  }
});

async function makeClient(url: string): Promise<DistributionClient> {
  const registry = await makeRegistry(url, "shop");
  const credentials = await makeToken(url, registry, "ci");
  return new DistributionClient({ url, registry: registry.name, credentials });
}

/** Lets an actor work until the server's life ends; what fails after that has failed because of it. */
async function act(
  client: DistributionClient,
  actor: CrashActor,
  random: SeededRandom,
  life: AbortSignal,
): Promise<void> {
  try {
    while (!life.aborted) {
      await actor.step(client, random);
    }
  } catch (error) {
    if (!life.aborted) {
      throw error;
    }
  }
}
