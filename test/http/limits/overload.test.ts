import assert from "node:assert/strict";
import { OVERLOAD_RETRY_AFTER_SECONDS } from "../../../provider/server/src/domain/limits.ts";
import { someContent } from "../../support/content.ts";
import { assertRefused, assertStatus } from "../../support/distribution-client.ts";
import { eventually } from "../../support/eventually.ts";
import { type Answer, send } from "../../support/http-request.ts";
import { LocalRegistry } from "../../support/local-registry.ts";
import { basic, OWNER } from "../../support/management.ts";
import { head, RawConnection } from "../../support/raw-connection.ts";

const AT_ONCE_MAX = 3;
const RETRY_AFTER = String(OVERLOAD_RETRY_AFTER_SECONDS);

describe("a server with as many requests as it takes", () => {
  let local: LocalRegistry;
  let held: RawConnection[] = [];

  before(async () => {
    local = await LocalRegistry.start({ limits: { requestsAtOnceMax: AT_ONCE_MAX } });
  });
  beforeEach(async () => {
    held = [];
    const locations: string[] = [];
    for (let index = 0; index < AT_ONCE_MAX; index++) {
      locations.push(await local.client.startUpload("app"));
    }
    for (const location of locations) {
      const connection = await RawConnection.open(local.url);
      const headers = { Authorization: basic(local.token), "Content-Length": 10 };
      connection.write(head("PATCH", location, headers));
      connection.write("12345");
      held.push(connection);
    }
    await eventually(
      "the server to be full",
      async () => (await version()).status === 503 || undefined,
    );
  });
  afterEach(async () => {
    for (const connection of held) {
      connection.destroy();
    }
    await eventually("room", async () => (await version()).status === 200 || undefined);
  });
  after(() => local.close());

  const version = () => local.client.send("GET", "/v2/");
  const assertShed = (answer: Answer) => {
    assert.equal(answer.status, 503);
    assert.equal(answer.headers["retry-after"], RETRY_AFTER);
  };

  it("tells further ones when to come back, in the form of their API", async () => {
    const pull = await local.client.ask("GET", "app", "manifests/1");
    assertRefused(pull, 503, "UNAVAILABLE");
    assertShed(pull);
    assertShed(await local.client.ask("POST", "app", "blobs/uploads/", { body: someContent() }));
    const token = await send(local.url, "GET", "/token");
    assertRefused(token, 503, "UNAVAILABLE");
    assertShed(token);
    const headers = { authorization: basic(OWNER) };
    const registries = "/containerregistries/registries";
    const managed = await send(local.url, "GET", registries, { headers });
    assertShed(managed);
    assert.equal(JSON.parse(managed.body.toString()).httpStatus, 503);
    assertShed(await send(local.url, "GET", "/nowhere"));
  });

  it("still says that it is alive and ready", async () => {
    assertStatus(await send(local.url, "GET", "/healthz"), 200);
    assertStatus(await send(local.url, "GET", "/readyz"), 200);
  });

  it("finishes those that it has, and then takes others", async () => {
    for (const connection of held) {
      connection.write("67890");
      assert.equal(await connection.status(), 202);
    }
    assertStatus(await version(), 200);
    await local.client.pushImage("app", "1");
  });

  it("takes others when clients hang up", async () => {
    for (const connection of held) {
      connection.destroy();
    }
    await eventually("room", async () => (await version()).status === 200 || undefined);
  });
});
