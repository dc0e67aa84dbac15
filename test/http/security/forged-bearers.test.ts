import assert from "node:assert/strict";
import { createPrivateKey, createPublicKey, generateKeyPairSync, randomBytes } from "node:crypto";
import { exportJWK, type JWTHeaderParameters, SignJWT } from "jose";
import { Ed25519TokenSigner } from "../../../provider/server/src/adapters/token-signer/ed25519-token-signer.ts";
import type { Context } from "../../../provider/server/src/app/context.ts";
import { bearerFor, bearing } from "../../support/bearer.ts";
import { assertRefused, assertStatus } from "../../support/distribution-client.ts";
import { LocalRegistry } from "../../support/local-registry.ts";
import { OWNER } from "../../support/management.ts";

const ISSUER = "moorage";
/** RFC 8410: what stands before an Ed25519 seed in PKCS #8. */
const PKCS8_PREFIX = Buffer.from("302e020100300506032b657004220420", "hex");

/** The seed of the server's signing key is known here, so that everything can be right but for one lie. */
describe("a bearer token that pretends to be the server's own", () => {
  const seed = randomBytes(32);
  const key = createPrivateKey({
    key: Buffer.concat([PKCS8_PREFIX, seed]),
    format: "der",
    type: "pkcs8",
  });
  const publicKey = createPublicKey(key);
  const others = generateKeyPairSync("ed25519");
  let local: LocalRegistry;
  let header: JWTHeaderParameters;
  let payload: Record<string, unknown>;
  const now = () => Math.floor(Date.now() / 1000);

  function withKnownKey(context: Context): Context {
    const { clock } = context;
    const options = { seed, issuer: ISSUER, audience: ISSUER, clock };
    return { ...context, signer: new Ed25519TokenSigner(options) };
  }

  before(async () => {
    local = await LocalRegistry.start({ adapt: withKnownKey });
    await local.client.pushImage("app", "1");
    const bearer = await bearerFor(local.url, OWNER, "repository:shop/app:pull,push");
    const [first = "", second = ""] = bearer.split(".");
    const read = (part: string) => JSON.parse(Buffer.from(part, "base64url").toString());
    header = read(first) as JWTHeaderParameters;
    payload = read(second) as Record<string, unknown>;
  });
  after(() => local.close());

  type Key = Parameters<SignJWT["sign"]>[0];

  function forge(
    claims: object,
    parameters: Partial<Record<string, unknown>> = {},
    signer: Key = key,
  ): Promise<string> {
    const all = { ...header, ...parameters } as JWTHeaderParameters;
    const crit = { crit: { b64: true, "urn:x": true } };
    return new SignJWT({ ...payload, ...claims }).setProtectedHeader(all).sign(signer, crit);
  }

  const encode = (part: object) => Buffer.from(JSON.stringify(part)).toString("base64url");
  const unsigned = (parameters: object) =>
    `${encode({ ...header, ...parameters })}.${encode(payload)}.`;
  const asSecret = (format: "pem" | "der") =>
    Buffer.from(publicKey.export({ type: "spki", format }) as Buffer | string);

  const LIES: Readonly<Record<string, () => string | Promise<string>>> = {
    "not signed, with alg none": () => unsigned({ alg: "none" }),
    "not signed, with alg NONE": () => unsigned({ alg: "NONE" }),
    "not signed, with the right alg": () => unsigned({}),
    "signed with another key under the right key id": () => forge({}, {}, others.privateKey),
    "signed with a key that it brings along": async () =>
      forge({}, { jwk: await exportJWK(others.publicKey) }, others.privateKey),
    "signed with a key that it says where to find": () =>
      forge({}, { jku: "http://127.0.0.1:1/keys", x5u: "http://127.0.0.1:1/" }, others.privateKey),
    "signed by HS256 with the public key as secret, as text": () =>
      forge({}, { alg: "HS256" }, asSecret("pem")),
    "signed by HS256 with the public key as secret, as bytes": () =>
      forge({}, { alg: "HS256" }, asSecret("der")),
    "signed by HS256 with an empty secret": () => forge({}, { alg: "HS256" }, Buffer.alloc(32)),
    "with a key id that is a path": () => forge({}, { kid: "../../../../dev/null" }),
    "with a key id that is SQL": () => forge({}, { kid: "' union select '" }),
    "with a key id that is no text": () => forge({}, { kid: ["a"] }),
    "without a key id": () => forge({}, { kid: undefined }),
    "of another type": () => forge({}, { typ: "at+jwt" }),
    "with an extension that nobody knows": () => forge({}, { crit: ["urn:x"], "urn:x": 1 }),
    "of another audience": () => forge({ aud: "somebody-else" }),
    "of another issuer": () => forge({ iss: "somebody-else" }),
    expired: () => forge({ exp: now() - 1 }),
    "expired a day ago, and more": () => forge({ exp: now() - 2 * 24 * 60 * 60 }),
    "not valid yet": () => forge({ nbf: now() + 48 * 60 * 60 }),
    "that never expires": () => forge({ exp: undefined }),
    "that expires beyond all numbers": () => forge({ exp: 1e300 }),
    "without an id": () => forge({ jti: undefined }),
    "for nobody that there is": () =>
      forge({ sub: `user:${"0".repeat(8)}-0000-4000-8000-${"0".repeat(12)}` }),
    "for a kind of caller that there is not": () => forge({ sub: "operator:1" }),
    "for SQL": () => forge({ sub: "user:' or '1'='1" }),
    "for a person, from before the last password": () => forge({ mark: "AAAA" }),
    "for a person, without a password's mark": () => forge({ mark: undefined }),
    "for rights that there are not": () =>
      forge({ access: [{ type: "everything", registry: "any", name: "*", actions: ["*"] }] }),
  };

  it("would be good without the lie", async () => {
    const headers = bearing(await forge({}));
    const answer = await local.client.anonymous().ask("GET", "app", "manifests/1", { headers });
    assertStatus(answer, 200);
  });

  for (const [name, make] of Object.entries(LIES)) {
    it(`is refused: one ${name}`, async () => {
      const headers = bearing(await make());
      const anyone = local.client.anonymous();
      for (const answer of [
        await anyone.send("GET", "/v2/", { headers }),
        await anyone.ask("GET", "app", "manifests/1", { headers }),
        await anyone.send("GET", "/token", { headers }),
        await anyone.send("GET", "/v2/_catalog", { headers }),
      ]) {
        assertRefused(answer, 401, "UNAUTHORIZED");
        assert.match(answer.body.toString(), /the credentials are wrong, or no longer valid/);
      }
      const managed = await anyone.send("GET", "/containerregistries/registries", { headers });
      assertStatus(managed, 401);
    });
  }

  it("with a star in its rights gives no right to anything", async () => {
    const registry = local.registry.id;
    for (const access of [
      [{ type: "repository", registry: "any", name: "app", actions: ["pull"] }],
      [{ type: "repository", registry, name: "*", actions: ["pull"] }],
      [{ type: "repository", registry, name: "APP", actions: ["pull"] }],
      [{ type: "repository", registry, name: "app", actions: ["push"] }],
      [{ type: "registry", registry, name: "catalog", actions: ["pull"] }],
    ]) {
      const headers = bearing(await forge({ access }));
      const answer = await local.client.anonymous().ask("GET", "app", "manifests/1", { headers });
      assertRefused(answer, 401, "UNAUTHORIZED");
      assert.match(answer.headers["www-authenticate"] ?? "", /insufficient_scope/);
    }
  });
});
