import assert from "node:assert/strict";
import { authenticate } from "../../../provider/server/src/app/authenticate.ts";
import { changeToken } from "../../../provider/server/src/app/change-token.ts";
import { createRegistry } from "../../../provider/server/src/app/create-registry.ts";
import { deleteToken } from "../../../provider/server/src/app/delete-token.ts";
import { expireTokens } from "../../../provider/server/src/app/expire-tokens.ts";
import { getToken } from "../../../provider/server/src/app/get-token.ts";
import { issueToken } from "../../../provider/server/src/app/issue-token.ts";
import { listTokens } from "../../../provider/server/src/app/list-tokens.ts";
import { replaceToken } from "../../../provider/server/src/app/replace-token.ts";
import { rotateToken } from "../../../provider/server/src/app/rotate-token.ts";
import type { RegistryId } from "../../../provider/server/src/domain/ids.ts";
import { EXPIRED_TOKENS_PER_SWEEP_MAX } from "../../../provider/server/src/domain/limits.ts";
import { type Application, startApplication } from "../../support/application.ts";
import { registryDraft, tokenDraft } from "./drafts.ts";

const HOUR = 3_600_000;

describe("a token that expires", () => {
  let application: Application;
  let registryId: RegistryId;
  beforeEach(async () => {
    application = await startApplication();
    const { context, owner } = application;
    registryId = (await createRegistry(context, owner, registryDraft())).registry.id;
  });
  afterEach(() => application.close());

  const issue = (hours: number, name = "ci") => {
    const { context, clock, owner } = application;
    const expiresAt = clock.now() + hours * HOUR;
    return issueToken(context, owner, registryId, tokenDraft({ name, expiresAt }));
  };

  it("may do so in an hour, and no sooner", async () => {
    const { context, clock, owner } = application;
    await issue(1, "just-long-enough");
    const expiresAt = clock.now() + HOUR - 1;
    await assert.rejects(issueToken(context, owner, registryId, tokenDraft({ expiresAt })), {
      reason: "expiry-too-soon",
    });
  });

  it("is refused and gone at that moment, before any job has run", async () => {
    const { context, clock, owner } = application;
    const { token, secret = "" } = await issue(2);
    const address = { registryId, tokenId: token.id };
    const credentials = { kind: "basic", username: "ci", password: secret } as const;
    clock.advance(2 * HOUR - 1);
    await authenticate(context, credentials);
    await getToken(context, owner, address);
    clock.advance(1);
    await assert.rejects(async () => authenticate(context, credentials), {
      reason: "credentials-invalid",
    });
    for (const call of [
      getToken(context, owner, address),
      changeToken(context, owner, address, { expiresAt: null }),
      rotateToken(context, owner, address, 0),
      deleteToken(context, owner, address),
    ]) {
      await assert.rejects(call, { reason: "token-unknown" });
    }
    const page = await listTokens(context, owner, registryId, { offset: 0, limit: 10 });
    assert.deepEqual(page, { tokens: [], total: 0 });
  });

  it("frees its name and its id at that moment", async () => {
    const { context, clock, owner } = application;
    const first = await issue(1);
    clock.advance(HOUR);
    const second = await issueToken(context, owner, registryId, tokenDraft());
    assert.notEqual(second.token.id, first.token.id);

    const third = await issue(1, "by-put");
    clock.advance(HOUR);
    const address = { registryId, tokenId: third.token.id };
    const again = await replaceToken(context, owner, address, tokenDraft({ name: "by-put" }));
    assert.equal(again.token.id, third.token.id);
    assert.notEqual(again.secret, undefined);
  });

  it("may keep a near expiry date when something else changes", async () => {
    const { context, clock, owner } = application;
    const { token } = await issue(1);
    const { expiresAt } = token;
    clock.advance(HOUR / 2);
    const address = { registryId, tokenId: token.id };
    const draft = tokenDraft({ expiresAt, status: "disabled" });
    const replaced = await replaceToken(context, owner, address, draft);
    assert.equal(replaced.token.expiresAt, expiresAt);
    assert.equal(replaced.token.status, "disabled");
    await assert.rejects(
      changeToken(context, owner, address, { expiresAt: clock.now() + HOUR - 1 }),
      { reason: "expiry-too-soon" },
    );
  });

  it("is removed with all others, however many, and those that live on stay", async () => {
    const { context, clock, owner } = application;
    const { metadata, hasher, ids } = context;
    const { token } = await issue(1, "expiring");
    const others = Array.from({ length: EXPIRED_TOKENS_PER_SWEEP_MAX }, (_, index) =>
      metadata.tokens.create(
        { ...token, id: ids.uuid(), name: `expiring-${index}` },
        hasher.hashTokenSecret(`${index}`),
      ),
    );
    await Promise.all(others);
    const living = await issue(2, "living");
    clock.advance(HOUR);
    assert.equal(await expireTokens(context), EXPIRED_TOKENS_PER_SWEEP_MAX + 1);
    assert.equal(await expireTokens(context), 0);
    const page = await listTokens(context, owner, registryId, { offset: 0, limit: 10 });
    assert.deepEqual(
      page.tokens.map(({ id }) => id),
      [living.token.id],
    );
  });

  it("lets its old secret in for the grace period of a rotation, and no longer", async () => {
    const { context, clock, owner } = application;
    const { token, secret: old = "" } = await issueToken(context, owner, registryId, tokenDraft());
    const address = { registryId, tokenId: token.id };
    const { secret: fresh = "" } = await rotateToken(context, owner, address, 60);
    const enter = async (password: string) =>
      authenticate(context, { kind: "basic", username: "ci", password });
    clock.advance(59_999);
    await enter(old);
    await enter(fresh);
    clock.advance(1);
    await assert.rejects(enter(old), { reason: "credentials-invalid" });
    await enter(fresh);
  });
});
