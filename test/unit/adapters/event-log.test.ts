import assert from "node:assert/strict";
import { PinoEventLog } from "../../../provider/server/src/adapters/event-log/pino-event-log.ts";

describe("PinoEventLog", () => {
  let lines: string[];
  const stream = { write: (line: string) => lines.push(line) };
  const parsed = () => lines.map((line) => JSON.parse(line) as Record<string, unknown>);

  beforeEach(() => {
    lines = [];
  });

  it("writes one line of JSON for an event, with level, time and fields", async () => {
    const log = new PinoEventLog({ level: "info", stream });
    log.info("registry-created", { registryId: "r1", count: 2 });
    log.warn("slow");
    await log.close();
    assert.equal(lines.length, 2);
    const [first, second] = parsed();
    assert(first !== undefined && second !== undefined);
    const { level, event, registryId, count } = first;
    assert.deepEqual(
      { level, event, registryId, count },
      { level: "info", event: "registry-created", registryId: "r1", count: 2 },
    );
    assert(!Number.isNaN(Date.parse(String(first["time"]))));
    assert.equal(second["level"], "warn");
  });

  it("keeps the whole of an error, its cause included", async () => {
    const log = new PinoEventLog({ level: "info", stream });
    log.error("request-failed", new Error("outer", { cause: new Error("inner") }), { id: "1" });
    log.error("odd", "just text");
    await log.close();
    const [first, second] = parsed();
    assert.match(JSON.stringify(first?.["error"]), /outer.*inner/);
    assert.match(JSON.stringify(first?.["error"]), /event-log\.test\.ts/);
    assert.match(JSON.stringify(second?.["error"]), /just text/);
  });

  it("writes what every request has just as it writes all else", async () => {
    const log = new PinoEventLog({ level: "info", stream });
    const fields = { path: '/v2/"\u0007é\\', status: 200, isNew: true, none: undefined };
    log.info("request", fields);
    // A field that is kept back takes the long way.
    log.info("request", { ...fields, secret: "hidden" });
    await log.close();
    const [short, long] = lines.map((line) => line.replace(/"time":"[^"]*"/, '"time":""'));
    assert.equal(short, long?.replace('"secret":"[Redacted]",', ""));
  });

  it("leaves out what is below its level", async () => {
    const log = new PinoEventLog({ level: "warn", stream });
    log.info("quiet");
    log.warn("loud");
    await log.close();
    assert.deepEqual(
      parsed().map(({ event }) => event),
      ["loud"],
    );
  });

  it("does not let a credential out that was put into an event or an error", async () => {
    const log = new PinoEventLog({ level: "info", stream });
    log.info("sign-in", { password: "hunter2-a", authorization: "hunter2-b", user: "u" });
    log.error("failed", Object.assign(new Error("no"), { token: "hunter2-c" }));
    await log.close();
    assert(!lines.join("").includes("hunter2"), lines.join(""));
    assert(lines.join("").includes('"user":"u"'));
  });
});
