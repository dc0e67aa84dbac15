import assert from "node:assert/strict";
import { readFile, writeFile } from "node:fs/promises";
import { userInfo } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { type AuditProperties, auditEvents } from "../../support/audit-log.ts";
import { type CommandOutcome, printed, runProgram } from "../../support/command.ts";
import { OWNER } from "../../support/management.ts";
import { OWNER_EMAIL, OWNER_PASSWORD, RunningServer } from "../../support/running-server.ts";
import { temporaryDirectory } from "../../support/temporary-directory.ts";

describe("what commands do at the server's machine", function () {
  this.timeout(60_000);
  let server: RunningServer;
  let place: { path: string; remove: () => Promise<void> };
  before(async () => {
    server = await RunningServer.start();
    place = await temporaryDirectory();
  });
  after(async () => {
    await server.stop();
    await place.remove();
  });

  const run = async (...args: string[]): Promise<CommandOutcome> => {
    const outcome = await runProgram(args, { MOORAGE_DATA_DIR: server.dataDir });
    assert.equal(outcome.code, 0, outcome.errors);
    return outcome;
  };

  /** The last event of an action, which a command of this test has caused. */
  async function expectTold(action: string, command: string): Promise<AuditProperties> {
    const [event] = await auditEvents(server.url, { action });
    assert.ok(event !== undefined, `no ${action} in the audit log`);
    const { actor, outcome, origin } = event;
    assert.deepEqual(actor, { kind: "operator", id: null, name: userInfo().username });
    assert.equal(outcome, "succeeded");
    assert.deepEqual([origin?.address, origin?.userAgent], ["local", `moorage ${command}`]);
    assert.match(origin?.requestId ?? "", /^process \d+$/);
    return event;
  }

  it("is in the audit log: a new password", async () => {
    const { email } = { email: OWNER_EMAIL };
    const made = await run("user", "reset-password", "--email", email);
    // The test goes on as the owner.
    const answer = await fetch(`${server.url}/users`, {
      headers: { authorization: `Basic ${btoa(`${email}:${printed(made, "password")}`)}` },
    });
    const { items } = (await answer.json()) as { items: { id: string }[] };
    await fetch(`${server.url}/users/${items[0]?.id}`, {
      method: "PATCH",
      headers: {
        authorization: `Basic ${btoa(`${email}:${printed(made, "password")}`)}`,
        "content-type": "application/json",
      },
      body: JSON.stringify({ password: OWNER_PASSWORD }),
    });
    const events = await auditEvents(server.url, { action: "user.change" });
    const byCommand = events.find(({ actor }) => actor.kind === "operator");
    assert.equal(byCommand?.origin?.userAgent, "moorage user reset-password");
    assert.deepEqual([byCommand.resource?.name, byCommand.changes], [OWNER.username, ["password"]]);
  });

  it("is in the log of whom it concerns: an organization stands in its own", async () => {
    const email = "boss@second.example";
    const made = await run("organization", "create", "--name", "Second", "--owner-email", email);
    const answer = await fetch(`${server.url}/audit-events?action=organization.create`, {
      headers: { authorization: `Basic ${btoa(`${email}:${printed(made, "password")}`)}` },
    });
    const { items } = (await answer.json()) as { items: { properties: AuditProperties }[] };
    const [event] = items;
    assert.equal(event?.properties.actor.name, userInfo().username);
    assert.equal(event.properties.origin?.userAgent, "moorage organization create");
  });

  it("is in the log of those who run the server: a backup, its restore, another master key", async () => {
    const taken = await run("backup", "--to", join(place.path, "backups"));
    const backup = printed(taken, "backup");
    const told = await expectTold("backup.take", "backup");
    assert.deepEqual(told.resource, { type: "backup", id: null, name: backup });

    await server.kill("SIGTERM");
    const rotated = await run("rotate-key");
    await server.restart();
    const { resource } = await expectTold("master-key.rotate", "rotate-key");
    assert.deepEqual(resource, {
      type: "master-key",
      id: null,
      name: printed(rotated, "new key"),
    });

    await server.kill("SIGTERM");
    const keys = join(server.dataDir, "master-key");
    const old = await readFile(`${keys}.${printed(rotated, "old key")}.old`);
    const dataDir = join(place.path, "restored");
    await run("restore", "--from", backup, "--data-dir", dataDir);
    await writeFile(join(dataDir, "master-key"), old, { mode: 0o600 });
    const restored = await RunningServer.start({ MOORAGE_DATA_DIR: dataDir });
    try {
      const actions = await auditEvents(restored.url, { action: "backup.restore" });
      assert.equal(actions[0]?.resource?.name, backup);
      // The log of a restored server ends where the backup was made.
      assert.deepEqual(await auditEvents(restored.url, { action: "master-key.rotate" }), []);
    } finally {
      await restored.stop();
    }
    await server.restart();
  });

  it("is done all the same where the log cannot be written, and the command says so", async () => {
    await server.kill("SIGTERM");
    const database = new DatabaseSync(join(server.dataDir, "metadata.sqlite"));
    database.exec("insert into migrations (number, name) values (9999, 'from-the-future')");
    const { errors } = await run("backup", "--to", join(place.path, "of-another-version"));
    assert.match(errors, /^The audit log does not tell of this backup: .* of another version/m);
    database.exec("delete from migrations where number = 9999");
    database.close();
    await server.restart();
  });
});
