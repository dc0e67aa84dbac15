import assert from "node:assert/strict";
import { auditEvent } from "@moorage/core/contract/audit-event";
import { auditEvents } from "../../support/audit-log.ts";
import { LocalRegistry } from "../../support/local-registry.ts";
import {
  basic,
  type Credentials,
  EVERYTHING,
  makeToken,
  manage,
  OWNER,
  PULL_ONLY,
} from "../../support/management.ts";

describe("the audit log", () => {
  let local: LocalRegistry;
  before(async () => {
    local = await LocalRegistry.start();
  });
  after(() => local.close());

  /** What the log has of one actor, once all refusals are written. */
  async function eventsOf(actor: string) {
    await local.context.refusals.flush();
    return auditEvents(local.url, { actor });
  }

  const signIn = (credentials: Credentials, headers: Record<string, string> = {}) =>
    fetch(`${local.url}/v2/`, { headers: { authorization: basic(credentials), ...headers } });

  it("has a wrong password under the person's name, alike ones in one event", async () => {
    for (let tried = 0; tried < 3; tried++) {
      assert.equal((await signIn({ ...OWNER, password: "wrong" })).status, 401);
    }
    const [event] = await eventsOf(OWNER.username);
    assert.deepEqual(
      [event?.action, event?.reason, event?.count, event?.actor.kind, event?.outcome],
      ["sign-in.fail", "password-wrong", 3, "user", "refused"],
    );
  });

  it("has names that are nobody's, without what would mislead a terminal", async () => {
    const name = `eve\r\n\u001b[2J\u202e${"x".repeat(1000)}`;
    await signIn({ username: name, password: "wrong" }, { "user-agent": "a\tb" });
    await local.context.refusals.flush();
    const [event] = await auditEvents(local.url, { action: "sign-in.fail" });
    assert.equal(event?.actor.name, `eve\uFFFD\uFFFD\uFFFD[2J\uFFFD${"x".repeat(246)}…`);
    assert.deepEqual([event?.actor.kind, event?.reason], ["unknown", "name-unknown"]);
    assert.equal(event?.origin?.userAgent, "a\uFFFDb");
  });

  it("has what a token's scopes refuse, and a token that is disabled", async () => {
    const token = await makeToken(local.url, local.registry, "puller", [PULL_ONLY]);
    const client = local.client.with({ credentials: token });
    assert.equal((await client.ask("POST", "team/app", "blobs/uploads/")).status, 403);
    const path = `/registries/${local.registry.id}/tokens/${token.id}`;
    assert.equal((await manage(local.url, "PATCH", path, { status: "disabled" })).status, 200);
    assert.equal((await signIn(token)).status, 401);
    const events = await eventsOf("puller");
    assert.deepEqual(
      events.map(({ action, reason, registryName }) => [action, reason, registryName]),
      [
        ["token.refuse", "token-disabled", "shop"],
        ["token.refuse", "access-denied", "shop"],
      ],
    );
  });

  it("has content that was deleted by the distribution API, and by whom", async () => {
    const token = await makeToken(local.url, local.registry, "sweeper", [EVERYTHING]);
    const client = local.client.with({ credentials: token });
    const { digest, layer } = await client.pushImage("team/app", "one");
    const blob = await client.pushBlob("team/app", Buffer.concat([layer, layer]));
    for (const rest of ["manifests/one", `manifests/${digest}`, `blobs/${blob}`]) {
      assert.equal((await client.ask("DELETE", "team/app", rest)).status, 202);
    }
    const events = await eventsOf("sweeper");
    assert.deepEqual(
      events.map(({ action, resource }) => [action, resource?.type, resource?.name]),
      [
        ["content.delete", "blob", `team/app@${blob}`],
        ["content.delete", "manifest", `team/app@${digest}`],
        ["content.delete", "tag", "team/app:one"],
      ],
    );
  });

  it("comes page by page, and as lines of JSON, in either order", async () => {
    const all = await auditEvents(local.url, { orderBy: "at" });
    const paged: unknown[] = [];
    let token = "";
    do {
      const query = new URLSearchParams({ orderBy: "at", limit: "2", "pagination.token": token });
      const answer = await manage(local.url, "GET", `/audit-events?${query}`);
      const page = (await answer.json()) as { items: unknown[]; pagination: { token: string } };
      paged.push(...page.items);
      token = page.pagination.token;
    } while (token !== "");
    const answer = await manage(local.url, "GET", "/audit-events?orderBy=at&format=jsonl");
    assert.equal(answer.headers.get("content-type"), "application/x-ndjson");
    const lines = (await answer.text()).trimEnd().split("\n");
    const exported = lines.map((line) => auditEvent.parse(JSON.parse(line)));
    assert.deepEqual(exported, paged);
    assert.deepEqual(
      exported.map(({ properties }) => properties),
      all,
    );
    assert.equal(all[0]?.action, "organization.create");
  });
});
