import assert from "node:assert/strict";
import { PinoEventLog } from "../../../provider/server/src/adapters/event-log/pino-event-log.ts";
import { send } from "../../support/http-request.ts";
import { basic, manage, OWNER } from "../../support/management.ts";
import { type RegistryUnderTest, startRegistry } from "../../support/registry-under-test.ts";

/** What ends a line, moves a cursor, or turns the direction of writing, for some reader of logs. */
const TRICKS = [
  "\r\n",
  "\n",
  "\u0085",
  "\u2028",
  "\u2029",
  "\u001b[2K\u001b[1A",
  "\u009b2J",
  "\u0007",
  "\u0008",
  "\u007f",
  "\u0000",
  "\u202e",
  "\u2066",
  "\u200f",
  "\ufeff",
];
const FORGED = '{"level":"info","event":"forged"}';
const UNPRINTABLE = /(?!\n)\p{Cc}|[\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff]/u;

/** Every line is one object that nobody but the server began. */
function assertHonest(text: string): void {
  assert.doesNotMatch(text, UNPRINTABLE);
  for (const line of text.trimEnd().split(/\r\n|[\r\n\u0085\u2028\u2029]/)) {
    const { event } = JSON.parse(line) as { event?: string };
    assert.notEqual(event, "forged", line);
  }
}

/** As far as a header can carry it: bytes of UTF-8 beyond ASCII. */
function headerValue(text: string): string {
  const plain = [...text].filter((character) => character >= " " && character !== "\u007f");
  return Buffer.from(plain.join("")).toString("latin1");
}

describe("lines of the log", () => {
  let under: RegistryUnderTest;
  before(async () => {
    under = await startRegistry({ MOORAGE_LOG_LEVEL: "debug" });
  });
  after(() => under.server.stop());

  it("cannot be forged by paths, names, agents, scopes or user names", async () => {
    const { url } = under.server;
    for (const trick of TRICKS) {
      const text = `x${trick}${FORGED}`;
      const path = encodeURIComponent(text);
      for (const at of [
        `/v2/${path}/app/tags/list`,
        `/v2/shop/${path}/manifests/${path}`,
        `/${path}?${path}`,
        `/token?service=${path}&scope=repository:${path}:pull`,
        `/containerregistries/registries/${path}?filter.name=${path}`,
        `/containerregistries/names/${path}`,
      ]) {
        const headers = {
          authorization: basic(under.token),
          "user-agent": headerValue(text),
          "x-request-id": path,
          "x-forwarded-for": path,
          traceparent: path,
        };
        const { status } = await send(url, "GET", at, { headers });
        assert.ok(status >= 400 || at.startsWith("/token"), `${at}: ${status}`);
      }
    }
    for (const trick of TRICKS.slice(0, 6)) {
      const username = `eve${trick}${FORGED}`;
      const headers = { authorization: basic({ username, password: "a wrong password" }) };
      assert.ok([401, 429].includes((await send(url, "GET", "/v2/", { headers })).status));
      const properties = { displayName: username, role: "reader", email: "eve@moorage.example" };
      await (await manage(url, "POST", "/users", { properties }, OWNER)).arrayBuffer();
    }
    await under.server.kill("SIGTERM");
    assert.ok(under.server.log.includes("%E2%80%A8"), "the paths are in the log, as they came");
    assertHonest(under.server.log);
    await under.server.restart();
  });

  it("of the audit log's export cannot be forged, either", async () => {
    const answer = await manage(under.server.url, "GET", "/audit-events?format=jsonl");
    const text = await answer.text();
    assert.equal(answer.status, 200);
    assert.ok(text.includes("eve"));
    assertHonest(text);
  });

  it("hold whatever an event says in the same JSON, with what cannot be seen escaped", () => {
    const lines: string[] = [];
    const log = new PinoEventLog({ level: "info", stream: { write: (line) => lines.push(line) } });
    const odd = `${TRICKS.join("")} \u00e9\u6f22\u{1f4a9} ${FORGED}`;
    log.info("told", { name: odd });
    log.warn("warned", { name: odd });
    log.error("failed", new Error(odd), { name: odd });
    assert.equal(lines.length, 3);
    for (const line of lines) {
      assertHonest(line);
      assert.equal((JSON.parse(line) as { name: string }).name, odd);
      assert.ok(line.includes("\u00e9\u6f22"), "what can be seen stays as it is");
    }
  });
});
