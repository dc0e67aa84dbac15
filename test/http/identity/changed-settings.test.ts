import assert from "node:assert/strict";
import { compose } from "../../../provider/server/src/compose.ts";
import { createServer } from "../../../provider/server/src/http/server.ts";
import { bearerFor, bearing } from "../../support/bearer.ts";
import { assertStatus, DistributionClient } from "../../support/distribution-client.ts";
import type { Answer } from "../../support/http-request.ts";
import { identityFile } from "../../support/identity-file.ts";
import { AUDIENCE, IdentityProviderUnderTest } from "../../support/identity-provider.ts";
import { settingsFor } from "../../support/local-registry.ts";
import { makeRegistry } from "../../support/management.ts";
import { temporaryDirectory } from "../../support/temporary-directory.ts";

/** A bearer token of ours outlives a restart; what its holder may do is up to the settings of the new one. */
describe("a bearer token that a provider's JWT was exchanged for", () => {
  const scopes = [{ type: "repository", name: "*", actions: ["pull", "push"] }];
  const roles = { developers: "developer" };
  const rules = [{ claims: { repository: "acme/*" }, registry: "shop", scopes }];
  let provider: IdentityProviderUnderTest;
  let file: Awaited<ReturnType<typeof identityFile>>;
  let data: Awaited<ReturnType<typeof temporaryDirectory>>;
  let person: string;
  let pipeline: string;

  const issuer = () => ({ issuer: provider.issuer, audience: AUDIENCE, roles, rules });

  before(async () => {
    provider = await IdentityProviderUnderTest.start();
    file = await identityFile([issuer()]);
    data = await temporaryDirectory();
    await onServer(async (url) => {
      await makeRegistry(url, "shop");
      person = await exchange(url, { roles: ["developers"] });
      pipeline = await exchange(url, { repository: "acme/app" });
    });
  });
  after(async () => {
    await data.remove();
    await file.remove();
    await provider.stop();
  });

  /** Starts a server on the same data with the settings as they are now. */
  async function onServer(work: (url: string) => Promise<void>): Promise<void> {
    const config = settingsFor(data.path, file.environment);
    const composition = await compose(config);
    const server = createServer(composition.context, { clientSide: config });
    try {
      await work(await server.listen({ host: "127.0.0.1", port: 0 }));
    } finally {
      await server.close();
      await composition.close();
    }
  }

  async function exchange(url: string, claims: object): Promise<string> {
    const credentials = { username: "oidc", password: await provider.issue("sub", { ...claims }) };
    return bearerFor(url, credentials, "repository:shop/team/app:pull,push");
  }

  function startUpload(url: string, bearer: string): Promise<Answer> {
    const client = new DistributionClient({ url, registry: "shop", headers: bearing(bearer) });
    return client.ask("POST", "team/app", "blobs/uploads/");
  }

  async function assertAnswers(issuers: readonly object[], ofPerson: number, ofPipeline: number) {
    await file.write(issuers);
    await onServer(async (url) => {
      assertStatus(await startUpload(url, person), ofPerson);
      assertStatus(await startUpload(url, pipeline), ofPipeline);
    });
  }

  it("goes on while the settings say the same", () => assertAnswers([issuer()], 202, 202));

  it("may do what the role has become", () =>
    assertAnswers([{ ...issuer(), roles: { developers: "reader" } }], 403, 202));

  it("may do what the rule has become", () => {
    const pullOnly = [{ ...rules[0], scopes: [{ ...scopes[0], actions: ["pull"] }] }];
    return assertAnswers([{ ...issuer(), rules: pullOnly }], 202, 403);
  });

  it("is nothing where neither role nor rule is left", () => {
    const others = { roles: { admins: "admin" }, rules: [{ ...rules[0], claims: { ref: "x" } }] };
    return assertAnswers([{ ...issuer(), ...others }], 403, 403);
  });

  it("is nothing for another audience, or when the issuer is gone", async () => {
    await assertAnswers([{ ...issuer(), audience: "another" }], 401, 401);
    await assertAnswers([{ ...issuer(), issuer: "https://sso.example.test" }], 401, 401);
  });

  it("holds of the JWT what roles and rules go by, and no more", async () => {
    const [, payload = ""] = pipeline.split(".");
    const { identity } = JSON.parse(Buffer.from(payload, "base64url").toString());
    assert.deepEqual(identity.claims, { repository: ["acme/app"] });
  });
});
