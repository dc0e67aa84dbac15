import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { OidcIdentityVerifier } from "../../../provider/server/src/adapters/identity-oidc/oidc-identity-verifier.ts";
import { SharedTally } from "../../../provider/server/src/adapters/tally/shared-tally.ts";
import { authenticate } from "../../../provider/server/src/app/authenticate.ts";
import type { Context } from "../../../provider/server/src/app/context.ts";
import { createOrganization } from "../../../provider/server/src/app/create-organization.ts";
import { Identities } from "../../../provider/server/src/app/identities.ts";
import { issueBearer } from "../../../provider/server/src/app/issue-bearer.ts";
import { RateLimits } from "../../../provider/server/src/app/rate-limits.ts";
import { RegistryError } from "../../../provider/server/src/domain/errors.ts";
import type { IdentityProvider } from "../../../provider/server/src/domain/identity-provider.ts";
import {
  BEARER_UPLOAD_GRACE_SECONDS,
  IDENTITY_CLOCK_SKEW_SECONDS,
} from "../../../provider/server/src/domain/limits.ts";
import type { Role } from "../../../provider/server/src/domain/role.ts";
import { type Application, startApplication } from "../../support/application.ts";
import { IdentityProviderUnderTest } from "../../support/identity-provider.ts";
import { sampleProvider } from "../../support/identity-samples.ts";
import { OPERATOR } from "../../support/operator.ts";

const LIFETIME_SECONDS = 100;

describe("signing in by an identity provider", () => {
  let provider: IdentityProviderUnderTest;
  let application: Application;
  let context: Context;

  beforeEach(async () => {
    provider = await IdentityProviderUnderTest.start();
    application = await startApplication();
    context = accepting({});
  });
  afterEach(async () => {
    await application.close();
    await provider.stop();
  });

  /** The application with the provider configured. */
  function accepting(...entries: readonly Partial<IdentityProvider>[]): Context {
    const roles = new Map<string, Role>([["devs", "developer"]]);
    const providers = entries.map((more) =>
      sampleProvider({ issuer: provider.issuer, roles, ...more }),
    );
    const verifier = new OidcIdentityVerifier({ ...application.context, providers });
    const identities = new Identities({ ...application.context, verifier, providers });
    return { ...application.context, identities };
  }

  /** Good for LIFETIME_SECONDS from the application's now on. */
  function developer(claims: object = { roles: "devs" }): Promise<string> {
    const iat = Math.floor(application.clock.now() / 1000);
    return provider.forge({ ...claims, iat, exp: iat + LIFETIME_SECONDS });
  }

  const bearing = (bearer: string) => ({ kind: "bearer", bearer }) as const;

  async function refusalOf(work: unknown): Promise<string | undefined> {
    try {
      await work;
      return undefined;
    } catch (error) {
      assert.ok(error instanceof RegistryError, String(error));
      return error.reason;
    }
  }

  it("is a person of the organization, whom no row tells of", async () => {
    const principal = await authenticate(context, bearing(await developer()));
    assert.ok(principal.kind === "user");
    assert.equal(principal.role, "developer");
    assert.equal(principal.organizationId, application.owner.organizationId);
    assert.equal(await context.metadata.users.findById(principal.userId), undefined);
  });

  it("ends with the JWT, to the second, also where it was remembered", async () => {
    const jwt = await developer();
    await authenticate(context, bearing(jwt));
    application.clock.advance((LIFETIME_SECONDS + IDENTITY_CLOCK_SKEW_SECONDS) * 1000 - 1);
    assert.equal(await refusalOf(authenticate(context, bearing(jwt))), undefined);
    application.clock.advance(1);
    assert.equal(await refusalOf(authenticate(context, bearing(jwt))), "credentials-invalid");
  });

  it("gives bearer tokens that end with the JWT, also for an upload that was begun", async () => {
    const principal = await authenticate(context, bearing(await developer()));
    const { bearer, lifetimeSeconds } = await issueBearer(context, principal, []);
    assert.equal(lifetimeSeconds, LIFETIME_SECONDS + IDENTITY_CLOCK_SKEW_SECONDS);
    const onUpload = { bearerGraceSeconds: BEARER_UPLOAD_GRACE_SECONDS };
    application.clock.advance(lifetimeSeconds * 1000 - 1);
    assert.equal(await refusalOf(authenticate(context, bearing(bearer), onUpload)), undefined);
    application.clock.advance(1);
    const late = authenticate(context, bearing(bearer), onUpload);
    assert.equal(await refusalOf(late), "credentials-invalid");
  });

  it("gives bearer tokens for five minutes where the JWT lives longer", async () => {
    const exp = application.clock.now() / 1000 + 86_400;
    const jwt = await provider.forge({ roles: "devs", exp });
    const principal = await authenticate(context, bearing(jwt));
    assert.equal((await issueBearer(context, principal, [])).lifetimeSeconds, 300);
  });

  it("is refused, and told to the operator, where the organization does not exist", async () => {
    const nowhere = accepting({ organization: 7 });
    const refused = authenticate(nowhere, bearing(await developer()));
    assert.equal(await refusalOf(refused), "identity-without-role");
    const [event] = application.events.named("identity-organization-unknown");
    assert.equal(event?.fields?.["contractNumber"], 7);
  });

  it("leads into the organization whose audience the JWT names, where several share an issuer", async () => {
    const other = { name: "other.example", ownerEmail: "owner@other.example" };
    const { organization } = await createOrganization(context, OPERATOR, other);
    const { contractNumber } = organization;
    const shared = accepting(
      { audiences: ["first"] },
      { audiences: ["second"], organization: contractNumber },
    );
    const asFirst = await authenticate(
      shared,
      bearing(await developer({ roles: "devs", aud: "first" })),
    );
    const asSecond = await authenticate(
      shared,
      bearing(await developer({ roles: "devs", aud: "second" })),
    );
    assert.ok(asFirst.kind === "user" && asSecond.kind === "user");
    assert.equal(asFirst.organizationId, application.owner.organizationId);
    assert.equal(asSecond.organizationId, organization.id);
  });

  it("counts against the address where the identity is nobody here", async () => {
    const jwt = await developer({ roles: "strangers" });
    const { clock, events } = application;
    const tally = new SharedTally({
      secret: randomBytes(32),
      events,
      now: () => clock.now(),
    });
    try {
      const anonymous = { name: "tested", countMax: 1, windowMilliseconds: 60_000 };
      const rateLimits = new RateLimits({ tally, clock, anonymous, authenticated: undefined });
      const ask = () =>
        refusalOf(authenticate({ ...context, rateLimits }, bearing(jwt), { address: "192.0.2.7" }));
      assert.equal(await ask(), "identity-without-role");
      assert.equal(await ask(), "too-many-requests");
    } finally {
      tally.close();
    }
  });

  it("is no way in where no provider is configured, for bearer tokens of before either", async () => {
    const jwt = await developer();
    const principal = await authenticate(context, bearing(jwt));
    const { bearer } = await issueBearer(context, principal, []);
    for (const text of [jwt, bearer]) {
      const refused = authenticate(application.context, bearing(text));
      assert.equal(await refusalOf(refused), "credentials-invalid");
    }
  });
});
