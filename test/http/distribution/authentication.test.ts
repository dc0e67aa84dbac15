import assert from "node:assert/strict";
import { UNKNOWN_DIGEST } from "../../support/content.ts";
import {
  assertRefused,
  assertStatus,
  type DistributionClient,
} from "../../support/distribution-client.ts";
import { makeToken, OWNER, PULL_ONLY } from "../../support/management.ts";
import { type RegistryUnderTest, startRegistry } from "../../support/registry-under-test.ts";
import { RunningServer } from "../../support/running-server.ts";

describe("authentication on the distribution API", () => {
  let under: RegistryUnderTest;
  let client: DistributionClient;

  before(async () => {
    under = await startRegistry();
    client = under.client;
  });
  after(() => under.server.stop());

  /** The challenge of a 401, as its parameters. */
  function challengeOf(header: string | undefined): Record<string, string> {
    assert.match(header ?? "", /^Bearer [a-z]+="[^"]*"(?:,[a-z]+="[^"]*")*$/);
    return Object.fromEntries(
      [...(header ?? "").matchAll(/([a-z]+)="([^"]*)"/g)].map(([, name = "", value = ""]) => [
        name,
        value,
      ]),
    );
  }

  it("tells a client what it speaks to (Determining Support)", async () => {
    for (const path of ["/v2/", "/v2"]) {
      const answer = await client.send("GET", path);
      assertStatus(answer, 200);
      assert.equal(answer.headers["docker-distribution-api-version"], "registry/2.0");
      assert.equal(answer.body.toString(), "{}");
      const head = await client.send("HEAD", path);
      assertStatus(head, 200);
      assert.equal(head.body.length, 0);
    }
  });

  it("challenges who comes without credentials, with the realm and no scope, at the version check", async () => {
    const answer = await client.anonymous().send("GET", "/v2/");
    assertRefused(answer, 401, "UNAUTHORIZED");
    assert.deepEqual(challengeOf(answer.headers["www-authenticate"]), {
      realm: `${under.server.url}/token`,
      service: under.server.host,
    });
  });

  for (const [method, rest, scope] of [
    ["GET", "manifests/1", "pull"],
    ["HEAD", "manifests/1", "pull"],
    ["PUT", "manifests/1", "pull,push"],
    ["DELETE", "manifests/1", "delete"],
    ["GET", `blobs/${UNKNOWN_DIGEST}`, "pull"],
    ["HEAD", `blobs/${UNKNOWN_DIGEST}`, "pull"],
    ["DELETE", `blobs/${UNKNOWN_DIGEST}`, "delete"],
    ["POST", "blobs/uploads/", "pull,push"],
    ["PATCH", "blobs/uploads/0123456789abcdef", "pull,push"],
    ["PUT", `blobs/uploads/0123456789abcdef?digest=${UNKNOWN_DIGEST}`, "pull,push"],
    ["GET", "blobs/uploads/0123456789abcdef", "pull,push"],
    ["DELETE", "blobs/uploads/0123456789abcdef", "pull,push"],
    ["GET", "tags/list", "pull"],
    ["GET", `referrers/${UNKNOWN_DIGEST}`, "pull"],
  ] as const) {
    it(`asks for the scope ${scope} on ${method} ${rest.split("/").slice(0, -1).join("/")}/…`, async () => {
      const answer = await client.anonymous().ask(method, "team/app", rest);
      assertStatus(answer, 401);
      const { scope: asked, error } = challengeOf(answer.headers["www-authenticate"]);
      assert.equal(asked, `repository:shop/team/app:${scope}`);
      assert.equal(error, undefined);
      if (method !== "HEAD") {
        assertRefused(answer, 401, "UNAUTHORIZED");
      }
    });
  }

  it("asks for the scope of the catalog on the catalog", async () => {
    const answer = await client.anonymous().send("GET", "/v2/_catalog");
    assertRefused(answer, 401, "UNAUTHORIZED");
    const { scope } = challengeOf(answer.headers["www-authenticate"]);
    assert.equal(scope, "registry:catalog:*");
  });

  it("does not tell a registry that exists from one that does not, to who has no credentials", async () => {
    const known = await client.anonymous().ask("GET", "app", "tags/list");
    const unknown = await client
      .anonymous()
      .with({ registry: "none" })
      .ask("GET", "app", "tags/list");
    assert.equal(known.status, unknown.status);
    assert.deepEqual(known.body, unknown.body);
  });

  it("writes nothing into the challenge that could break out of its quotes", async () => {
    const answer = await client.anonymous().send("GET", "/v2/a%22,realm=%22x%0d%0aX:y/b/tags/list");
    assert.equal(answer.status < 500, true);
    assert.equal(answer.headers["x"], undefined);
    if (answer.status === 401) {
      assert.equal(
        challengeOf(answer.headers["www-authenticate"])["realm"],
        `${under.server.url}/token`,
      );
    }
  });

  it("takes a token's name and secret, and a person's e-mail and password (RFC 7617)", async () => {
    assertStatus(await client.send("GET", "/v2/"), 200);
    assertStatus(await client.with({ credentials: OWNER }).send("GET", "/v2/"), 200);
  });

  const wrong: readonly (readonly [string, (token: RegistryUnderTest["token"]) => object])[] = [
    [
      "a token's wrong secret",
      ({ password }) => ({ username: "ci", password: `${password.slice(0, -2)}AA` }),
    ],
    ["a token's secret under another name", ({ password }) => ({ username: "ci2", password })],
    [
      "a token's secret under a person's name",
      ({ password }) => ({ username: OWNER.username, password }),
    ],
    ["a person's wrong password", () => ({ username: OWNER.username, password: "wrong password" })],
    ["an unknown person", () => ({ username: "x@y.example", password: OWNER.password })],
    ["an empty password", () => ({ username: "ci", password: "" })],
    ["an endless password", () => ({ username: OWNER.username, password: "x".repeat(17_000) })],
  ];
  for (const [what, make] of wrong) {
    it(`refuses ${what}, and says no more than that`, async () => {
      const credentials = make(under.token) as RegistryUnderTest["token"];
      for (const path of ["/v2/", "/v2/shop/app/tags/list", "/v2/none/app/tags/list"]) {
        const answer = await client.with({ credentials }).send("GET", path);
        assertRefused(answer, 401, "UNAUTHORIZED");
        assert.equal(challengeOf(answer.headers["www-authenticate"])["error"], "invalid_token");
        assert.doesNotMatch(answer.body.toString(), /ci|example|shop/);
      }
    });
  }

  for (const authorization of [
    "nonsense",
    "Basic",
    "Basic %%%",
    "Bearer",
    "Bearer x.y.z",
    "Digest a=b",
  ]) {
    it(`refuses the garbled Authorization ${JSON.stringify(authorization)}, rather than take it for none`, async () => {
      const answer = await client.anonymous().send("GET", "/v2/", { headers: { authorization } });
      assertRefused(answer, 401, "UNAUTHORIZED");
      assert.equal(challengeOf(answer.headers["www-authenticate"])["error"], "invalid_token");
    });
  }

  it("refuses a token what its scopes do not say, with 403 and no challenge", async () => {
    const reader = await makeToken(under.server.url, under.registry, "reader", [PULL_ONLY]);
    await client.pushImage("app", "1");
    const reading = client.with({ credentials: reader });
    assertStatus(await reading.ask("GET", "app", "manifests/1"), 200);
    for (const [method, rest] of [
      ["POST", "blobs/uploads/"],
      ["PUT", "manifests/1"],
      ["DELETE", "manifests/1"],
      ["DELETE", `blobs/${UNKNOWN_DIGEST}`],
    ] as const) {
      const answer = await reading.ask(method, "app", rest);
      assertRefused(answer, 403, "DENIED");
      assert.equal(answer.headers["www-authenticate"], undefined);
    }
    assertRefused(await reading.send("GET", "/v2/shop/_catalog"), 403, "DENIED");
  });

  it("holds a token to the repositories that its scopes name", async () => {
    const scopes = [{ type: "repository", name: "team/*", actions: ["pull", "push"] }];
    const team = await makeToken(under.server.url, under.registry, "team", scopes);
    const working = client.with({ credentials: team });
    await working.pushImage("team/app", "1");
    assertRefused(await working.ask("POST", "other/app", "blobs/uploads/"), 403, "DENIED");
    assertRefused(await working.ask("GET", "teams/app", "manifests/1"), 403, "DENIED");
    assertRefused(await working.ask("DELETE", "team/app", "manifests/1"), 403, "DENIED");
  });
});

describe("the challenge of a server behind a proxy", () => {
  it("names the address that clients reach it at", async () => {
    const server = await RunningServer.start({ MOORAGE_PUBLIC_URL: "https://registry.example" });
    try {
      const answer = await fetch(`${server.url}/v2/`);
      await answer.arrayBuffer();
      assert.equal(answer.status, 401);
      assert.match(
        answer.headers.get("www-authenticate") ?? "",
        /^Bearer realm="https:\/\/registry\.example\/token",/,
      );
    } finally {
      await server.stop();
    }
  });
});
