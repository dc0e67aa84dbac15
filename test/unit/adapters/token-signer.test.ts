import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import fc from "fast-check";
import { decodeJwt, decodeProtectedHeader, SignJWT } from "jose";
import { Ed25519TokenSigner } from "../../../provider/server/src/adapters/token-signer/ed25519-token-signer.ts";
import type { BearerClaims } from "../../../provider/server/src/ports/token-signer.ts";
import { FixedClock } from "../../support/fixed-clock.ts";
import { newRegistryId } from "../../support/storage-names.ts";

describe("Ed25519TokenSigner", () => {
  const seed = randomBytes(32);
  const clock = new FixedClock();
  const options = { seed, issuer: "https://registry.test", audience: "moorage", clock };
  const signer = new Ed25519TokenSigner(options);
  const claims: BearerClaims = {
    subject: "token:1f0c",
    grant: [
      { registryId: newRegistryId(), repository: "team/app", actions: ["pull", "push"] },
      { registryId: "any", repository: undefined, actions: ["list"] },
      { registryId: newRegistryId(), repository: "none", actions: [] },
    ],
  };

  it("verifies what it signed, twice, and in another process with the same seed", async () => {
    const bearer = await signer.sign(claims, 300);
    assert.deepEqual(await signer.verify(bearer, 0), claims);
    assert.deepEqual(await signer.verify(bearer, 0), claims);
    assert.deepEqual(await new Ed25519TokenSigner(options).verify(bearer, 0), claims);
  });

  it("signs a JWT with the claims that clients of the Docker protocol know", async () => {
    const bearer = await signer.sign(claims, 300);
    const { alg, typ, kid } = decodeProtectedHeader(bearer);
    assert.deepEqual({ alg, typ }, { alg: "EdDSA", typ: "JWT" });
    assert.match(kid ?? "", /^[A-Za-z0-9_-]{16}$/);
    const payload = decodeJwt(bearer);
    const now = Math.floor(clock.now() / 1000);
    assert.equal(payload.iss, "https://registry.test");
    assert.equal(payload.aud, "moorage");
    assert.equal(payload.sub, "token:1f0c");
    assert.equal(payload.iat, now);
    assert.equal(payload.exp, now + 300);
    assert.notEqual(payload.jti, decodeJwt(await signer.sign(claims, 300)).jti);
  });

  it("refuses a token from the second it expires on, remembered or not", async () => {
    const remembered = await signer.sign(claims, 300);
    const fresh = await signer.sign(claims, 300);
    clock.advance(299_000);
    assert.deepEqual(await signer.verify(remembered, 0), claims);
    clock.advance(1000);
    assert.equal(await signer.verify(remembered, 0), undefined);
    assert.equal(await signer.verify(fresh, 0), undefined);
  });

  it("accepts an expired token for as long as the caller grants", async () => {
    const bearer = await signer.sign(claims, 300);
    clock.advance(310_000);
    assert.equal(await signer.verify(bearer, 10), undefined);
    assert.deepEqual(await signer.verify(bearer, 11), claims);
    assert.equal(await signer.verify(bearer, 0), undefined);
  });

  it("refuses tokens of another key, issuer or audience", async () => {
    for (const difference of [
      { seed: randomBytes(32) },
      { issuer: "https://other.test" },
      { audience: "other" },
    ]) {
      const other = new Ed25519TokenSigner({ ...options, ...difference });
      assert.equal(await signer.verify(await other.sign(claims, 300), 0), undefined);
    }
  });

  it("refuses other algorithms, none among them", async () => {
    const none = `${encode({ alg: "none", typ: "JWT" })}.${encode({ sub: "user:1" })}.`;
    assert.equal(await signer.verify(none, 0), undefined);
    const forged = new SignJWT({ access: [] })
      .setProtectedHeader({ alg: "HS256", typ: "JWT" })
      .setIssuer(options.issuer)
      .setAudience(options.audience)
      .setSubject("user:1")
      .setIssuedAt()
      .setExpirationTime("1h")
      .setJti("1");
    assert.equal(await signer.verify(await forged.sign(seed), 0), undefined);
  });

  it("refuses a token in which any character was changed", async () => {
    const bearer = await signer.sign(claims, 300);
    // Not the last one: of its six bits four belong to no byte.
    for (let at = 0; at < bearer.length - 1; at += 7) {
      const changed = bearer.slice(0, at) + (bearer[at] === "B" ? "C" : "B") + bearer.slice(at + 1);
      assert.equal(await signer.verify(changed, 0), undefined, `changed at ${at}`);
    }
  });

  it("throws at nothing that a client may send", async () => {
    const part = fc.oneof(fc.base64String(), fc.json().map(encode), fc.string());
    const text = fc.oneof(
      fc.string({ unit: "binary" }),
      fc.array(part, { maxLength: 5 }).map((parts) => parts.join(".")),
    );
    await fc.assert(
      fc.asyncProperty(text, async (bearer) => {
        assert.equal(await signer.verify(bearer, 0), undefined);
      }),
      { numRuns: 200 },
    );
  });

  it("takes a seed of 32 bytes only", () => {
    const short = { ...options, seed: randomBytes(31) };
    assert.throws(() => new Ed25519TokenSigner(short), /must have 32 bytes/);
  });
});

function encode(value: unknown): string {
  return Buffer.from(typeof value === "string" ? value : JSON.stringify(value)).toString(
    "base64url",
  );
}
