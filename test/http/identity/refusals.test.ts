import assert from "node:assert/strict";
import { createPublicKey } from "node:crypto";
import { exportJWK, generateKeyPair } from "jose";
import { bearing } from "../../support/bearer.ts";
import { assertRefused, assertStatus } from "../../support/distribution-client.ts";
import { send } from "../../support/http-request.ts";
import { identityFile } from "../../support/identity-file.ts";
import { AUDIENCE, IdentityProviderUnderTest } from "../../support/identity-provider.ts";
import { LocalRegistry } from "../../support/local-registry.ts";
import { basic } from "../../support/management.ts";

describe("a JWT that is not what it says", () => {
  let provider: IdentityProviderUnderTest;
  let other: IdentityProviderUnderTest;
  let file: Awaited<ReturnType<typeof identityFile>>;
  let local: LocalRegistry;

  before(async () => {
    provider = await IdentityProviderUnderTest.start();
    other = await IdentityProviderUnderTest.start();
    const shared = { audience: AUDIENCE, roles: { admins: "admin" } };
    file = await identityFile([
      { issuer: provider.issuer, ...shared },
      { issuer: other.issuer, ...shared },
    ]);
    local = await LocalRegistry.start({ environment: file.environment });
  });
  after(async () => {
    await local.close();
    await file.remove();
    await provider.stop();
    await other.stop();
  });

  const ROLE = { roles: ["admins"] };
  const now = () => Math.floor(Date.now() / 1000);
  const encode = (part: object) => Buffer.from(JSON.stringify(part)).toString("base64url");

  /** The public key as text, which an HMAC could be made with (RFC 8725, section 2.1). */
  function publicKeyText(): Uint8Array {
    const key = createPublicKey({ key: { ...provider.key }, format: "jwk" });
    return Buffer.from(key.export({ type: "spki", format: "pem" }));
  }

  async function withoutSignature(header: object): Promise<string> {
    const [, payload] = (await provider.forge(ROLE)).split(".");
    return `${encode(header)}.${payload}.`;
  }

  const LIES: Readonly<Record<string, () => Promise<string>>> = {
    "of another audience": () => provider.issue("alice", ROLE, { audience: "somebody-else" }),
    "without an audience": () => provider.forge({ ...ROLE, aud: undefined }),
    "of an issuer that is not configured": () =>
      provider.forge({ ...ROLE, iss: "https://sso.example.test" }),
    "of an issuer spelled with a slash": () =>
      provider.forge({ ...ROLE, iss: `${provider.issuer}/` }),
    expired: () => provider.forge({ ...ROLE, exp: now() - 120 }),
    "that never expires": () => provider.forge({ ...ROLE, exp: undefined }),
    "that expires beyond all numbers": () => provider.forge({ ...ROLE, exp: 1e300 }),
    "not valid yet": () => provider.forge({ ...ROLE, nbf: now() + 600 }),
    "without a subject": () => provider.forge({ ...ROLE, sub: undefined }),
    "signed with the key of another configured issuer": () =>
      provider.forge(ROLE, { key: other.key, header: { kid: other.key.kid ?? "" } }),
    "signed with another key under the right name": () => provider.forge(ROLE, { key: other.key }),
    "signed with a key that it brings along": async () => {
      const { privateKey, publicKey } = await generateKeyPair("RS256", { extractable: true });
      const header = { jwk: await exportJWK(publicKey) } as unknown as Record<string, string>;
      return provider.forge(ROLE, { key: await exportJWK(privateKey), header });
    },
    "not signed, with alg none": () => withoutSignature({ alg: "none" }),
    "not signed, with alg None": () => withoutSignature({ alg: "None" }),
    "not signed, with the right alg": () =>
      withoutSignature({ alg: "RS256", kid: provider.key.kid }),
    "signed by HS256 with the public key as secret": () =>
      provider.forge(ROLE, { key: publicKeyText(), header: { alg: "HS256" } }),
    "signed by HS256 with the public key as secret, without a key id": async () =>
      provider.forge(ROLE, { key: publicKeyText(), header: { alg: "HS256", kid: "" } }),
    "altered after it was signed": async () => {
      const [header, , signature] = (await provider.issue("alice", {})).split(".");
      const [, payload] = (await provider.forge(ROLE)).split(".");
      return `${header}.${payload}.${signature}`;
    },
    "of a kind that is for another end": () =>
      provider.forge(ROLE, { header: { typ: "logout+jwt" } }),
  };

  for (const [name, make] of Object.entries(LIES)) {
    it(`is refused: one ${name}`, async () => {
      const jwt = await make();
      const client = local.client.anonymous();
      for (const authorization of [`Bearer ${jwt}`, basic({ username: "oidc", password: jwt })]) {
        const headers = { authorization };
        assertRefused(await client.send("GET", "/v2/", { headers }), 401, "UNAUTHORIZED");
        const path = "/containerregistries/registries";
        assertStatus(await send(local.url, "GET", path, { headers }), 401);
        assertStatus(await send(local.url, "GET", "/token", { headers }), 401);
      }
    });
  }

  it("would be good if it were: the same claims, honestly signed", async () => {
    const client = local.client.anonymous();
    for (const jwt of [await provider.forge(ROLE), await provider.issue("alice", ROLE)]) {
      assertStatus(await client.send("GET", "/v2/", { headers: bearing(jwt) }), 200);
    }
  });

  it("is not the server's own bearer token, nor that one a provider's", async () => {
    const jwt = await provider.forge({ ...ROLE, iss: "moorage", aud: "moorage", access: [] });
    const answer = await local.client.anonymous().send("GET", "/v2/", { headers: bearing(jwt) });
    assertRefused(answer, 401, "UNAUTHORIZED");
    assert.match(String(answer.headers["www-authenticate"]), /error="invalid_token"/);
  });
});
