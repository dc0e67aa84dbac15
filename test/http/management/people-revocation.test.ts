import assert from "node:assert/strict";
import { bearerFor, bearing } from "../../support/bearer.ts";
import { assertStatus, type DistributionClient } from "../../support/distribution-client.ts";
import { type MadeUser, makeUser, manage } from "../../support/management.ts";
import { type RegistryUnderTest, startRegistry } from "../../support/registry-under-test.ts";
import { RunningServer } from "../../support/running-server.ts";

/** Two processes of two workers each: every request may meet a worker that knows of the change only from the database. */
describe("what people may do changes at once on every worker and process", () => {
  let under: RegistryUnderTest;
  let other: RunningServer;

  before(async () => {
    under = await startRegistry({ MOORAGE_WORKERS: "2" });
    await under.client.pushImage("app", "1");
    other = await RunningServer.start({
      MOORAGE_DATA_DIR: under.server.dataDir,
      MOORAGE_WORKERS: "2",
    });
  });
  after(async () => {
    await other.stop();
    await under.server.stop();
  });

  /** By password and by a bearer token of before, here and there; each asks often enough to have met every worker. */
  async function clientsOf(user: MadeUser): Promise<readonly DistributionClient[]> {
    const clients: DistributionClient[] = [];
    for (const { url } of [under.server, other]) {
      const bearer = await bearerFor(url, user, "repository:shop/app:pull,push");
      clients.push(under.client.with({ url, credentials: user }));
      clients.push(under.client.anonymous().with({ url, headers: bearing(bearer) }));
    }
    return clients;
  }

  async function assertAll(clients: readonly DistributionClient[], method: string, status: number) {
    const rest = method === "GET" ? "manifests/1" : "blobs/uploads/";
    for (const client of clients.flatMap((each) => [each, each, each, each])) {
      assertStatus(await client.ask(method, "app", rest), status);
    }
  }

  it("when somebody is removed: passwords and bearer tokens alike stop", async () => {
    const user = await makeUser(under.server.url, "gone@moorage.example", "developer");
    const clients = await clientsOf(user);
    await assertAll(clients, "GET", 200);
    const answer = await manage(other.url, "DELETE", `/users/${user.id}`);
    assert.equal(answer.status, 204);
    await assertAll(clients, "GET", 401);
    for (const { url } of [under.server, other]) {
      const refused = await manage(url, "GET", "/registries", undefined, user);
      assert.equal(refused.status, 401);
    }
  });

  it("when a role is taken or given", async () => {
    const user = await makeUser(under.server.url, "role@moorage.example", "developer");
    const clients = await clientsOf(user);
    for (const [role, status] of [
      ["reader", 403],
      ["developer", 202],
    ] as const) {
      const answer = await manage(other.url, "PATCH", `/users/${user.id}`, { role });
      assert.equal(answer.status, 200);
      await assertAll(clients, "POST", status);
    }
  });

  it("when a password is another one", async () => {
    const user = await makeUser(under.server.url, "word@moorage.example", "reader");
    const password = "a password that is another";
    const clients = [under.server, other].map(({ url }) =>
      under.client.with({ url, credentials: user }),
    );
    await assertAll(clients, "GET", 200);
    const answer = await manage(other.url, "PATCH", `/users/${user.id}`, { password });
    assert.equal(answer.status, 200);
    await assertAll(clients, "GET", 401);
    await assertAll(
      clients.map((client) => client.with({ credentials: { ...user, password } })),
      "GET",
      200,
    );
  });
});
