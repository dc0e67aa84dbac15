import assert from "node:assert/strict";
import { once } from "node:events";
import { createServer } from "node:http";
import { OidcIdentityVerifier } from "../../../provider/server/src/adapters/identity-oidc/oidc-identity-verifier.ts";
import { RegistryError } from "../../../provider/server/src/domain/errors.ts";
import type { Identity } from "../../../provider/server/src/domain/identity.ts";
import type { Role } from "../../../provider/server/src/domain/role.ts";
import { FixedClock } from "../../support/fixed-clock.ts";
import { IdentityProviderUnderTest } from "../../support/identity-provider.ts";
import { sampleProvider } from "../../support/identity-samples.ts";
import { RecordedEvents } from "../../support/recorded-events.ts";

const COOL_DOWN = 30_000;
const FRESH = 10 * 60_000;
const STALE = 24 * 60 * 60_000;
const DAY = 24 * 60 * 60;

describe("OidcIdentityVerifier, against a provider that runs", () => {
  let provider: IdentityProviderUnderTest;
  let clock: FixedClock;
  let events: RecordedEvents;
  let verifier: OidcIdentityVerifier;

  beforeEach(async () => {
    provider = await IdentityProviderUnderTest.start();
    clock = new FixedClock(Date.now());
    events = new RecordedEvents();
    verifier = verifierFor(provider.issuer);
  });
  afterEach(() => provider.stop());

  function verifierFor(issuer: string, answerMillisecondsMax = 5000): OidcIdentityVerifier {
    const roles = new Map<string, Role>([["admins", "admin"]]);
    return new OidcIdentityVerifier({
      providers: [sampleProvider({ issuer, roles })],
      clock,
      events,
      answerMillisecondsMax,
    });
  }

  async function refusalOf(work: Promise<unknown>): Promise<string | undefined> {
    try {
      await work;
      return undefined;
    } catch (error) {
      assert.ok(error instanceof RegistryError, String(error));
      return error.reason;
    }
  }

  it("reads who it is, and of the claims those that decide something", async () => {
    const claims = { roles: ["admins", "staff"], email: "a@people.example", secret: "x" };
    const jwt = await provider.issue("alice", claims);
    const identity = await verifier.verify(jwt);
    assert.match(identity?.id ?? "", /^[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-[89ab][0-9a-f]{3}-/);
    const { id: _, expiresAt: __, ...facts } = identity ?? ({} as Identity);
    assert.deepEqual(facts, {
      issuer: provider.issuer,
      audience: "moorage",
      subject: "alice",
      name: "a@people.example",
      claims: new Map([["roles", ["admins"]]]),
    });
  });

  it("knows somebody again by issuer and subject, whatever else changes", async () => {
    const first = await verifier.verify(await provider.issue("alice", { email: "a@b.example" }));
    const again = await verifier.verify(await provider.issue("alice", { email: "c@d.example" }));
    const other = await verifier.verify(await provider.issue("bob"));
    assert.equal(again?.id, first?.id);
    assert.notEqual(other?.id, first?.id);
  });

  it("asks for the keys once, and checks a JWT once", async () => {
    const jwt = await provider.issue("alice");
    const identities = await Promise.all([1, 2, 3].map(() => verifier.verify(jwt)));
    assert.equal(await verifier.verify(jwt), await verifier.verify(jwt));
    assert.equal(new Set(identities.map((identity) => identity?.id)).size, 1);
    assert.equal(provider.keyRequests, 1);
  });

  it("leaves alone what is no JWT, or of an issuer that is not configured", async () => {
    const foreign = await provider.forge({ iss: "https://elsewhere.example" });
    const nameless = await provider.forge({ iss: undefined });
    for (const text of ["", "a.b.c", "eyJhbGciOiJub25lIn0.e30.", foreign, nameless]) {
      assert.equal(await verifier.verify(text), undefined, text);
    }
    assert.equal(provider.keyRequests, 0, "nobody is asked because of it");
  });

  it("takes new keys up at once, and refuses the old ones, remembered JWTs included", async () => {
    const before = await provider.issue("alice");
    await verifier.verify(before);
    await provider.rotateKeys();
    clock.advance(COOL_DOWN);
    assert.ok(await verifier.verify(await provider.issue("alice")));
    assert.equal(provider.keyRequests, 2);
    assert.equal(await refusalOf(verifier.verify(before)), "credentials-invalid");
  });

  it("notices within minutes that a key was withdrawn, though nobody brings a new one", async () => {
    const before = await provider.forge({ exp: Math.floor(Date.now() / 1000) + DAY });
    await verifier.verify(before);
    await provider.rotateKeys();
    clock.advance(FRESH - 1);
    assert.ok(await verifier.verify(before));
    clock.advance(1);
    assert.equal(await refusalOf(verifier.verify(before)), "credentials-invalid");
  });

  it("asks no more often than the cool-down allows, however many unknown keys are named", async () => {
    await verifier.verify(await provider.issue("alice"));
    const forged = await Promise.all(
      [1, 2, 3].map((n) => provider.forge({}, { header: { kid: `made-up-${n}` } })),
    );
    for (const jwt of forged) {
      assert.equal(await refusalOf(verifier.verify(jwt)), "credentials-invalid");
    }
    assert.equal(provider.keyRequests, 1);
    clock.advance(COOL_DOWN);
    for (const jwt of forged) {
      assert.equal(await refusalOf(verifier.verify(jwt)), "credentials-invalid");
    }
    assert.equal(provider.keyRequests, 2);
  });

  it("goes on with the last keys while the provider is down, for a day", async () => {
    const jwt = await provider.forge({ exp: Math.floor(Date.now() / 1000) + 10 * DAY });
    const later = await provider.forge({ exp: Math.floor(Date.now() / 1000) + 11 * DAY });
    await verifier.verify(jwt);
    await provider.stop();
    clock.advance(STALE - 1);
    assert.ok(await verifier.verify(jwt));
    assert.ok(await verifier.verify(later), "one that it has not seen yet");
    clock.advance(COOL_DOWN);
    assert.equal(await refusalOf(verifier.verify(jwt)), "service-unavailable");
    const [down, ...more] = events.named("identity-provider-unreachable");
    assert.equal(more.length, 1, "it was asked twice, however many JWTs came");
    assert.equal(down?.fields?.["issuer"], provider.issuer);
    assert.match(String(down?.fields?.["problem"]), /^fetch failed: ./);
  });

  it("says to come back while there are no keys, and recovers by itself", async () => {
    const jwt = await provider.issue("alice");
    await provider.stop();
    assert.equal(await refusalOf(verifier.verify(jwt)), "service-unavailable");
    await provider.listen();
    assert.equal(await refusalOf(verifier.verify(jwt)), "service-unavailable", "cooling down");
    clock.advance(COOL_DOWN);
    assert.ok(await verifier.verify(jwt));
  });

  it("waits for a provider that hangs as long as the limit says, and once for all who come", async () => {
    const silent = createServer(() => {});
    silent.listen(0, "127.0.0.1");
    await once(silent, "listening");
    const address = silent.address();
    assert.ok(address !== null && typeof address === "object");
    const issuer = `http://127.0.0.1:${address.port}`;
    try {
      const hanging = verifierFor(issuer, 100);
      const jwts = await Promise.all(
        ["a", "b", "c"].map((sub) => provider.forge({ iss: issuer, sub })),
      );
      const reasons = await Promise.all(jwts.map((jwt) => refusalOf(hanging.verify(jwt))));
      assert.deepEqual(new Set(reasons), new Set(["service-unavailable"]));
      assert.equal(events.named("identity-provider-unreachable").length, 1);
    } finally {
      silent.close();
      silent.closeAllConnections();
    }
  });

  it("takes no keys from a discovery document of another issuer", async () => {
    const alias = provider.issuer.replace("127.0.0.1", "localhost");
    const jwt = await provider.forge({ iss: alias });
    assert.equal(await refusalOf(verifierFor(alias).verify(jwt)), "service-unavailable");
    const [event] = events.named("identity-provider-unreachable");
    assert.match(String(event?.fields?.["problem"]), /is of another issuer/);
  });

  it("allows the clocks to be a minute apart, and not more", async () => {
    const now = Math.floor(clock.now() / 1000);
    const expired = await provider.forge({ exp: now - 50 });
    const early = await provider.forge({ nbf: now + 50 });
    assert.equal((await verifier.verify(expired))?.expiresAt, (now + 10) * 1000);
    assert.ok(await verifier.verify(early));
    for (const claims of [{ exp: now - 61 }, { nbf: now + 62 }]) {
      const jwt = await provider.forge(claims);
      assert.equal(await refusalOf(verifier.verify(jwt)), "credentials-invalid");
    }
  });

  it("shows no e-mail address as a name that the provider itself doubts", async () => {
    const doubted = { email: "owner@moorage.example", email_verified: false };
    assert.equal((await verifier.verify(await provider.issue("alice", doubted)))?.name, "alice");
    const odd = { email: "a@b.example\r\nX: y" };
    assert.equal((await verifier.verify(await provider.issue("alice", odd)))?.name, "alice");
  });
});
