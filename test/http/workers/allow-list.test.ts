import assert from "node:assert/strict";
import { assertStatus } from "../../support/distribution-client.ts";
import { manage } from "../../support/management.ts";
import { type RegistryUnderTest, startRegistry } from "../../support/registry-under-test.ts";

describe("an allow-list that changes", () => {
  let under: RegistryUnderTest;

  before(async () => {
    under = await startRegistry({ MOORAGE_WORKERS: "3" });
    await under.client.pushImage("app", "1");
  });
  after(() => under.server.stop());

  it("counts at once in every worker", async () => {
    const path = `/registries/${under.registry.id}`;
    for (let round = 0; round < 10; round++) {
      const isInside = round % 2 === 0;
      const apiSubnetAllowList = [isInside ? "127.0.0.0/8" : "192.0.2.1"];
      const changed = await manage(under.server.url, "PATCH", path, { apiSubnetAllowList });
      assert.equal(changed.status, 200);
      const answers = await Promise.all(
        Array.from({ length: 12 }, () => under.client.ask("HEAD", "app", "manifests/1")),
      );
      for (const answer of answers) {
        assertStatus(answer, isInside ? 200 : 403);
      }
    }
  });
});
