import assert from "node:assert/strict";
import { assertStatus, type DistributionClient } from "../support/distribution-client.ts";
import { jsonOf } from "../support/http-request.ts";
import { followPages } from "../support/pages.ts";
import { Pusher } from "../support/pusher.ts";
import { type RegistryUnderTest, startRegistry } from "../support/registry-under-test.ts";
import { auditStorage } from "../support/storage-audit.ts";

/** After how many acknowledged requests the server is killed, round by round: early, late, and in between. */
const ROUNDS = [1, 40, 7, 90, 23, 3, 61];
const PUSHERS = 6;

interface ManifestDocument {
  readonly config: { readonly digest: string };
  readonly layers: readonly { readonly digest: string }[];
}

describe("a server that is killed in the middle of concurrent pushes", function () {
  this.timeout(180_000);
  let under: RegistryUnderTest;
  let client: DistributionClient;

  before(async () => {
    under = await startRegistry();
    client = under.client;
  });
  after(() => under.server.stop());

  /** Pulls everything that the lists name, and everything that this refers to. */
  async function pullAllListed(): Promise<number> {
    let pulled = 0;
    const pages = await followPages<string>(client, "/v2/shop/_catalog?n=3", "repositories");
    for (const repository of pages.flat()) {
      const tags = await client.ask("GET", repository, "tags/list");
      for (const tag of (jsonOf(tags) as { tags: string[] }).tags) {
        const answer = await client.ask("GET", repository, `manifests/${tag}`);
        assertStatus(answer, 200);
        const { config, layers } = jsonOf(answer) as ManifestDocument;
        for (const { digest } of [config, ...layers]) {
          assertStatus(await client.ask("GET", repository, `blobs/${digest}`), 200);
          pulled++;
        }
      }
    }
    return pulled;
  }

  it(`has all that it acknowledged when it is back, and the rest whole or not at all, ${ROUNDS.length} times`, async () => {
    const { server } = under;
    let acknowledged = 0;
    let killAt = Number.POSITIVE_INFINITY;
    let killed: Promise<unknown> | undefined;
    const acknowledge = () => {
      acknowledged++;
      if (acknowledged >= killAt) {
        killed ??= server.kill("SIGKILL");
      }
    };
    const pushers = Array.from(
      { length: PUSHERS },
      (_, index) => new Pusher(client, `team/app-${index}`, acknowledge),
    );
    for (const count of ROUNDS) {
      killAt = acknowledged + count;
      killed = undefined;
      await Promise.all(pushers.map((pusher) => pusher.work(() => killed !== undefined)));
      await killed;
      await server.restart();
      await Promise.all(pushers.map((pusher) => pusher.verify()));
      await pullAllListed();
      assert.deepEqual((await auditStorage(server.dataDir)).broken, []);
    }
    assert.ok((await pullAllListed()) > 0, "nothing was pushed");
    assert.ok(!server.log.includes('"event":"request-failed"'), "the log has a fault");
  });
});
