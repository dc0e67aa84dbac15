import assert from "node:assert/strict";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import {
  type GarbageCollectionRun,
  garbageCollectionRun,
  garbageCollectionRunsResponse,
} from "@moorage/core/contract/garbage-collection";
import { ClientHome } from "../support/client-home.ts";
import { eventually } from "../support/eventually.ts";
import { manage } from "../support/management.ts";
import { writeSmallImage } from "../support/oci-layout.ts";
import { type RegistryUnderTest, startRegistry } from "../support/registry-under-test.ts";
import { RunningServer } from "../support/running-server.ts";
import { auditStorage } from "../support/storage-audit.ts";

const IMAGES = 4;
const RUNS = 3;
/** A process that was killed keeps the job for a minute. */
const LEASE_SECONDS_MAX = 120;

describe("garbage collection beside real clients", function () {
  this.timeout(240_000);
  let under: RegistryUnderTest;
  let home: ClientHome;

  before(async () => {
    under = await startRegistry();
    home = await ClientHome.make();
  });
  after(async () => {
    await under.server.stop();
    await home.remove();
  });

  const path = (rest = "") => `/registries/${under.registry.id}/garbage-collections${rest}`;

  async function collect(server = under.server): Promise<GarbageCollectionRun> {
    const started = await (await manage(server.url, "POST", path())).json();
    const { id } = garbageCollectionRun.parse(started);
    return eventually(
      "the run to end",
      async () => {
        const answer = await (await manage(server.url, "GET", path(`/${id}`))).json();
        const run = garbageCollectionRun.parse(answer);
        return run.metadata.state === "Running" ? undefined : run;
      },
      LEASE_SECONDS_MAX,
    );
  }

  /** Makes a blob, or everything that is there, as old as garbage has to be. */
  function age(digest = "%"): void {
    const database = new DatabaseSync(join(under.server.dataDir, "metadata.sqlite"), {
      timeout: 10_000,
    });
    database.prepare("update blobs set touched_at = 1 where digest like ?").run(digest);
    database.close();
  }

  const remote = (name: string) => `docker://${under.server.host}/shop/app:${name}`;
  const flags = (side: string) => {
    const { username, password } = under.token;
    return [`--${side}-tls-verify=false`, `--${side}-creds`, `${username}:${password}`];
  };
  const push = (layout: string, name: string) =>
    home.run(
      ...(["skopeo", "copy", "--insecure-policy", ...flags("dest")] as const),
      `oci:${layout}:latest`,
      remote(name),
    );

  it("is not noticed by a client that pushes without pause across runs", async () => {
    const layouts = Array.from({ length: IMAGES }, (_, number) => home.file(`image-${number}`));
    for (const layout of layouts) {
      await writeSmallImage(layout);
      await push(layout, "old");
    }
    // The images go and are pushed again, while their blobs are about to be garbage.
    const at = `/registries/${under.registry.id}/repositories/app`;
    const deleted = await manage(under.server.url, "DELETE", at);
    assert.ok(deleted.status < 300, `${deleted.status}`);
    age();
    let pushes = 0;
    let isPushing = true;
    const pushing = (async () => {
      while (isPushing) {
        await push(layouts[pushes % IMAGES] ?? "", `new-${pushes}`);
        pushes++;
      }
    })();
    for (let runs = 0; runs < RUNS; runs++) {
      age(await under.client.pushBlob("app", Buffer.from(`nobody needs this in run ${runs}`)));
      const run = await collect();
      assert.equal(run.metadata.state, "Succeeded");
      assert.ok(run.properties.blobsDeleted > 0);
    }
    isPushing = false;
    await pushing;
    assert.ok(pushes >= IMAGES, `${pushes} pushes`);
    for (let turn = 0; turn < pushes; turn++) {
      const back = `oci:${home.file("back")}:new-${turn}`;
      const pull = ["copy", "--insecure-policy", ...flags("src"), remote(`new-${turn}`), back];
      await home.run("skopeo", ...pull);
    }
    const { broken } = await auditStorage(under.server.dataDir);
    assert.deepEqual(broken, []);
  });

  it("runs a slot exactly once on two processes, and not again after they were killed", async () => {
    const second = await RunningServer.start({ MOORAGE_DATA_DIR: under.server.dataDir });
    try {
      const soon = new Date(Date.now() + 3000);
      const garbageCollectionSchedule = {
        days: [soon.toLocaleDateString("en-US", { weekday: "long", timeZone: "UTC" })],
        time: soon.toISOString().slice(11, 19),
      };
      const patch = { garbageCollectionSchedule };
      const changed = await manage(second.url, "PATCH", `/registries/${under.registry.id}`, patch);
      assert.equal(changed.status, 200, await changed.text());
      const scheduled = async (server: RunningServer) => {
        const answer = await (await manage(server.url, "GET", path())).json();
        const { items } = garbageCollectionRunsResponse.parse(answer);
        return items.filter(({ properties }) => properties.trigger === "schedule");
      };
      await eventually("the slot to have run", async () =>
        (await scheduled(second)).some(({ metadata }) => metadata.state === "Succeeded")
          ? true
          : undefined,
      );
      await Promise.all([under.server.kill("SIGKILL"), second.kill("SIGKILL")]);
      await under.server.restart();
      // A run that is asked for ends only after the job has looked for slots that are due.
      await collect(under.server);
      assert.equal((await scheduled(under.server)).length, 1);
    } finally {
      await second.stop();
    }
  });
});
