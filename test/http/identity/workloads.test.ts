import assert from "node:assert/strict";
import { decodeJwt } from "jose";
import { bearerFor, bearing } from "../../support/bearer.ts";
import {
  assertRefused,
  assertStatus,
  type DistributionClient,
} from "../../support/distribution-client.ts";
import { jsonOf, send } from "../../support/http-request.ts";
import { identityFile } from "../../support/identity-file.ts";
import {
  AUDIENCE,
  type ClaimSet,
  IdentityProviderUnderTest,
} from "../../support/identity-provider.ts";
import { LocalRegistry } from "../../support/local-registry.ts";
import { basic, makeRegistry, manage } from "../../support/management.ts";

const MAIN: ClaimSet = { repository: "acme/app", ref: "refs/heads/main" };
const BRANCH: ClaimSet = { repository: "acme/app", ref: "refs/heads/feature/x" };

const scope = (name: string, ...actions: string[]) => ({ type: "repository", name, actions });

describe("pipelines of an identity provider", () => {
  let provider: IdentityProviderUnderTest;
  let file: Awaited<ReturnType<typeof identityFile>>;
  let local: LocalRegistry;

  const issuer = () => ({ issuer: provider.issuer, audience: AUDIENCE });
  const RULES = [
    {
      claims: { repository: "acme/app", ref: "refs/heads/main" },
      registry: "shop",
      scopes: [scope("team/*", "pull", "push")],
    },
    { claims: { repository: "acme/*" }, registry: "base", scopes: [scope("*", "pull", "list")] },
    { claims: { repository: "acme/*" }, registry: "gone", scopes: [scope("*", "*")] },
  ];

  before(async () => {
    provider = await IdentityProviderUnderTest.start();
    file = await identityFile([{ ...issuer(), rules: RULES }]);
    local = await LocalRegistry.start({ environment: file.environment });
    await makeRegistry(local.url, "base");
    await makeRegistry(local.url, "other");
  });
  after(async () => {
    await local.close();
    await file.remove();
    await provider.stop();
  });

  const workflow = (claims: ClaimSet, seconds = 300) =>
    provider.issue("repo:acme/app", claims, { seconds });

  /** A client that presents a JWT, on one registry. */
  function bringing(jwt: string, registry = "shop"): DistributionClient {
    return local.client.anonymous().with({ registry, headers: bearing(jwt) });
  }

  it("push and pull where a rule matches, by the JWT and by the Bearer challenge", async () => {
    const jwt = await workflow(MAIN);
    const asked = "repository:shop/team/app:pull,push";
    const credentials = { username: "oidc", password: jwt };
    for (const bearer of [jwt, await bearerFor(local.url, credentials, asked)]) {
      const { digest } = await bringing(bearer).pushImage("team/app", "1");
      const answer = await bringing(bearer).ask("GET", "team/app", `manifests/${digest}`);
      assertStatus(answer, 200);
    }
  });

  it("may do no more there than the rule's scopes", async () => {
    const client = bringing(await workflow(MAIN));
    const { digest } = await client.pushImage("team/app", "2");
    assertRefused(await client.ask("DELETE", "team/app", `manifests/${digest}`), 403, "DENIED");
    assertRefused(await client.ask("POST", "elsewhere", "blobs/uploads/"), 403, "DENIED");
    assertRefused(await client.ask("GET", "elsewhere", "tags/list"), 403, "DENIED");
  });

  it("see no registry that no rule is about, as if it did not exist", async () => {
    const jwt = await workflow(MAIN);
    for (const registry of ["other", "gone", "never-was"]) {
      const answer = await bringing(jwt, registry).ask("GET", "team/app", "tags/list");
      assertRefused(answer, 404, "NAME_UNKNOWN");
    }
  });

  it("have the scopes of all rules that match: a branch may pull the base, and not push", async () => {
    const branch = await workflow(BRANCH);
    const answer = await bringing(branch, "base").ask("GET", "node", "tags/list");
    assertRefused(answer, 404, "NAME_UNKNOWN");
    assertRefused(await bringing(branch, "base").ask("POST", "n", "blobs/uploads/"), 403, "DENIED");
    assertRefused(await bringing(branch).ask("GET", "team/app", "tags/list"), 404, "NAME_UNKNOWN");
  });

  it("list what their scopes let them list", async () => {
    const jwt = await workflow(BRANCH);
    const answer = await bringing(jwt).send("GET", "/v2/_catalog");
    assertStatus(answer, 200);
    assert.deepEqual(jsonOf(answer), { repositories: [] });
  });

  it("have no way into the management API", async () => {
    const jwt = await workflow(MAIN);
    for (const authorization of [`Bearer ${jwt}`, basic({ username: "oidc", password: jwt })]) {
      for (const path of ["/registries", `/registries/${local.registry.id}`, "/organization"]) {
        const answer = await send(local.url, "GET", `/containerregistries${path}`, {
          headers: { authorization },
        });
        assertStatus(answer, 403);
        const { messages } = jsonOf(answer) as { messages: { errorCode: string }[] };
        assert.equal(messages[0]?.errorCode, "access-denied");
      }
    }
  });

  it("are nobody where no rule matches", async () => {
    const foreign = await workflow({ repository: "evil/app", ref: "refs/heads/main" });
    assertRefused(await bringing(foreign).send("GET", "/v2/"), 403, "DENIED");
  });

  it("get bearer tokens that end with their JWT", async () => {
    const jwt = await workflow(MAIN, 20);
    const credentials = { username: "oidc", password: jwt };
    const bearer = await bearerFor(local.url, credentials, "repository:shop/team/app:pull,push");
    const { exp = 0 } = decodeJwt(bearer);
    // The minute by which clocks may be apart counts for both.
    assert.ok(exp <= (decodeJwt(jwt).exp ?? 0) + 60, "it would outlive the JWT");
    assert.ok(exp < Date.now() / 1000 + 100);
  });

  it("may use a registry that is made after the rule, and lose it with the registry", async () => {
    const jwt = await workflow(MAIN);
    const { id } = await makeRegistry(local.url, "gone");
    assertStatus(await bringing(jwt, "gone").ask("POST", "app", "blobs/uploads/"), 202);
    assert.equal((await manage(local.url, "DELETE", `/registries/${id}`)).status, 204);
    const answer = await bringing(jwt, "gone").ask("POST", "app", "blobs/uploads/");
    assertRefused(answer, 404, "NAME_UNKNOWN");
  });
});
