import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { type AuditEvent, auditEvent } from "@moorage/core/contract/audit-event";
import { registriesResponse } from "@moorage/core/contract/registry";
import { eventually } from "../support/eventually.ts";
import { basic, manage } from "../support/management.ts";
import { answered } from "../support/management-answer.ts";
import { RunningServer } from "../support/running-server.ts";

/** After how many answers the server is killed, round by round. */
const ROUNDS = [1, 17, 5, 30, 9];
const CLIENTS = 6;
const REFUSALS = 40;

describe("the audit log of a server that is killed", function () {
  this.timeout(180_000);
  let server: RunningServer;
  before(async () => {
    server = await RunningServer.start({ MOORAGE_WORKERS: "2" });
  });
  after(() => server.stop());

  async function log(action: string): Promise<readonly AuditEvent["properties"][]> {
    const answer = await manage(server.url, "GET", `/audit-events?format=jsonl&action=${action}`);
    const lines = (await answer.text()).split("\n").filter(Boolean);
    return lines.map((line) => auditEvent.parse(JSON.parse(line)).properties);
  }

  /** Lives of registries, one after the other: made, changed, and every second one removed. */
  async function live(round: number, client: number, tell: Tell, isOver: () => boolean) {
    try {
      for (let number = 0; !isOver(); number++) {
        const name = `r${round}-${client}-${number}`;
        const properties = { name, location: "de/fra" };
        const made = await manage(server.url, "POST", "/registries", { properties });
        const { id } = (await made.json()) as { id: string };
        tell("registry.create", id, made.status, 201);
        const path = `/registries/${id}`;
        const changed = await manage(server.url, "PATCH", path, { deletionProtection: true });
        await changed.arrayBuffer();
        tell("registry.change", id, changed.status, 200);
        if (number % 2 === 1) {
          const open = await manage(server.url, "PATCH", path, { deletionProtection: false });
          await open.arrayBuffer();
          const removed = await manage(server.url, "DELETE", path);
          await removed.arrayBuffer();
          tell("registry.delete", id, removed.status, 204);
        }
      }
    } catch (error) {
      if (!isOver()) {
        throw error;
      }
    }
  }

  it(`has each change that was made, once, and none that was not, ${ROUNDS.length} times`, async () => {
    const acknowledged: string[] = [];
    for (const [round, count] of ROUNDS.entries()) {
      const before = acknowledged.length;
      let killed: Promise<unknown> | undefined;
      const tell: Tell = (action, id, status, expected) => {
        assert.equal(status, expected, `${action} ${id}`);
        acknowledged.push(`${action} ${id}`);
        if (acknowledged.length - before >= count) {
          killed ??= server.kill("SIGKILL");
        }
      };
      const isOver = () => killed !== undefined;
      const clients = Array.from({ length: CLIENTS }, (_, client) => client);
      await Promise.all(clients.map((client) => live(round, client, tell, isOver)));
      await killed;
      await server.restart();

      const events = (
        await Promise.all(["registry.create", "registry.change", "registry.delete"].map(log))
      ).flat();
      const told = events.map(({ action, registryId }) => `${action} ${registryId}`);
      assert.deepEqual(
        acknowledged.filter((change) => !told.includes(change)),
        [],
        "acknowledged, and not in the log",
      );
      const idsOf = (action: string) =>
        events.filter((event) => event.action === action).map(({ registryId }) => registryId);
      const created = idsOf("registry.create");
      const deleted = idsOf("registry.delete");
      assert.equal(new Set(created).size, created.length, "created once");
      assert.equal(new Set(deleted).size, deleted.length, "deleted once");
      const answer = await manage(server.url, "GET", "/registries?limit=1000");
      const { items } = await answered(answer, 200, registriesResponse);
      const there = (items ?? []).map(({ id }) => id).sort();
      assert.deepEqual(there, created.filter((id) => !deleted.includes(id)).sort());
      for (const { id, properties } of items ?? []) {
        // Each change turns it over.
        const changes = events.filter(
          ({ action, registryId }) => action === "registry.change" && registryId === id,
        );
        assert.equal(properties.deletionProtection, changes.length % 2 === 1, `${id}`);
      }
    }
  });

  it("has every refusal that was written, whole and once, after each time", async () => {
    const written = new Map<string, number>();
    for (const isAwaited of [true, false, true]) {
      const name = `guesser-${randomBytes(4).toString("hex")}`;
      for (let tried = 0; tried < REFUSALS; tried++) {
        const authorization = basic({
          username: `${name}-${tried}`,
          password: `mrg_${randomBytes(32).toString("base64url")}`,
        });
        const answer = await fetch(`${server.url}/v2/`, { headers: { authorization } });
        await answer.arrayBuffer();
        assert.equal(answer.status, 401);
      }
      const ofThisRound = async () =>
        (await log("sign-in.fail")).filter(({ actor }) => actor.name.startsWith(name));
      if (isAwaited) {
        await eventually("refusals to be written", async () => (await ofThisRound())[0]);
      }
      await server.kill("SIGKILL");
      await server.restart();
      const found = await ofThisRound();
      assert.ok(found.every(({ count, reason }) => count === 1 && reason === "secret-unknown"));
      assert.equal(new Set(found.map(({ actor }) => actor.name)).size, found.length, "once each");
      assert.ok(isAwaited ? found.length > 0 : found.length <= REFUSALS, `${found.length}`);
      written.set(name, found.length);
    }
    const all = await log("sign-in.fail");
    for (const [name, count] of written) {
      assert.equal(all.filter(({ actor }) => actor.name.startsWith(name)).length, count);
    }
  });
});

type Tell = (action: string, id: string, status: number, expected: number) => void;
