import assert from "node:assert/strict";
import { bearerFor, bearing } from "../../support/bearer.ts";
import {
  assertRefused,
  assertStatus,
  DistributionClient,
} from "../../support/distribution-client.ts";
import { type Answer, jsonOf, send } from "../../support/http-request.ts";
import { LocalRegistry } from "../../support/local-registry.ts";
import { basic, makeRegistry, manage, OWNER } from "../../support/management.ts";

const LIMIT = 20;

describe("the limit of requests without valid credentials", () => {
  let local: LocalRegistry;
  let anonymous: DistributionClient;

  beforeEach(async () => {
    local = await LocalRegistry.start({ environment: { MOORAGE_RATE_LIMIT: `${LIMIT}/10m` } });
    await makeRegistry(local.url, "open", { visibility: "public" });
    const open = new DistributionClient({ url: local.url, registry: "open", credentials: OWNER });
    await open.pushImage("app", "1");
    anonymous = open.anonymous();
  });
  afterEach(() => local.close());

  const pull = () => anonymous.ask("GET", "app", "manifests/1");
  const challenge = () => send(local.url, "GET", "/v2/");

  function assertLimited(answer: Answer): void {
    const seconds = Number(answer.headers["retry-after"]);
    assert.ok(seconds >= 1 && seconds <= 11 * 60, `Retry-After: ${seconds}`);
    assert.equal(answer.headers["ratelimit-limit"], `${LIMIT};w=600`);
    assert.equal(answer.headers["ratelimit-remaining"], "0;w=600");
  }

  async function useUp(): Promise<void> {
    for (let count = 0; count < LIMIT; count++) {
      assertStatus(await pull(), 200);
    }
  }

  it("counts pulls from public registries, and answers 429 beyond", async () => {
    await useUp();
    const answer = await pull();
    assertRefused(answer, 429, "TOOMANYREQUESTS");
    assertLimited(answer);
  });

  it("counts requests at once like requests one after another", async () => {
    const answers = await Promise.all(Array.from({ length: 3 * LIMIT }, pull));
    assert.equal(answers.filter(({ status }) => status === 200).length, LIMIT);
  });

  it("counts bearer tokens for nobody, and what is pulled with them", async () => {
    const bearer = await bearerFor(local.url, undefined, "repository:open/app:pull");
    for (let count = 1; count < LIMIT; count++) {
      const headers = bearing(bearer);
      assertStatus(await anonymous.ask("GET", "app", "manifests/1", { headers }), 200);
    }
    for (const answer of [
      await anonymous.ask("GET", "app", "manifests/1", { headers: bearing(bearer) }),
      await send(local.url, "GET", "/v2/", { headers: bearing(bearer) }),
      await send(local.url, "GET", "/token?scope=repository:open/app:pull"),
    ]) {
      assertRefused(answer, 429, "TOOMANYREQUESTS");
      assertLimited(answer);
    }
  });

  it("counts wrong credentials of every kind", async () => {
    const wrong = [
      basic({ username: "ci", password: `mrg_${"x".repeat(43)}` }),
      basic({ ...local.token, username: "another" }),
      "Bearer of nothing",
      "Digest unknown",
    ];
    for (let count = 0; count < LIMIT; count++) {
      const authorization = wrong[count % wrong.length];
      assertStatus(await send(local.url, "GET", "/v2/", { headers: { authorization } }), 401);
    }
    for (const authorization of wrong) {
      const answer = await send(local.url, "GET", "/v2/", { headers: { authorization } });
      assertRefused(answer, 429, "TOOMANYREQUESTS");
    }
  });

  it("counts requests to the management API, and answers in its form", async () => {
    for (let count = 0; count < LIMIT; count++) {
      assertStatus(await send(local.url, "GET", "/containerregistries/registries"), 401);
    }
    const answer = await send(local.url, "GET", "/registries");
    assertStatus(answer, 429);
    assertLimited(answer);
    const { httpStatus, messages } = Object(jsonOf(answer));
    assert.equal(httpStatus, 429);
    assert.equal(messages[0].errorCode, "too-many-requests");
  });

  it("gives challenges and answers probes all the same, before and beyond", async () => {
    for (let count = 0; count < 2 * LIMIT; count++) {
      assertStatus(await challenge(), 401);
    }
    await useUp();
    assertStatus(await pull(), 429);
    const answer = await challenge();
    assertStatus(answer, 401);
    assert.match(answer.headers["www-authenticate"] ?? "", /^Bearer realm=/);
    assertStatus(await send(local.url, "HEAD", "/v2/shop/app/manifests/1"), 401);
    assertStatus(await send(local.url, "GET", "/healthz"), 200);
  });

  it("does not concern who has valid credentials, at the same address", async () => {
    await useUp();
    assertStatus(await challenge(), 401);
    const bearer = await bearerFor(local.url, local.token, "repository:shop/app:pull,push");
    for (let count = 0; count < 2 * LIMIT; count++) {
      assertStatus(await local.client.send("GET", "/v2/"), 200);
      assertStatus(await send(local.url, "GET", "/v2/", { headers: bearing(bearer) }), 200);
      assert.equal((await manage(local.url, "GET", "/registries")).status, 200);
    }
    await local.client.pushImage("app", "1");
    assertStatus(await pull(), 429);
  });
});

describe("the limit of requests of one principal", () => {
  it("counts each by itself", async () => {
    const environment = { MOORAGE_RATE_LIMIT_AUTHENTICATED: "10/1h" };
    const local = await LocalRegistry.start({ environment });
    try {
      for (let count = 0; count < 10; count++) {
        assertStatus(await local.client.send("GET", "/v2/"), 200);
      }
      const answer = await local.client.send("GET", "/v2/");
      assertRefused(answer, 429, "TOOMANYREQUESTS");
      assert.ok(Number(answer.headers["retry-after"]) > 0);
      assert.equal(answer.headers["ratelimit-limit"], "10;w=3600");
      assert.equal((await manage(local.url, "GET", "/registries")).status, 200);
    } finally {
      await local.close();
    }
  });
});
