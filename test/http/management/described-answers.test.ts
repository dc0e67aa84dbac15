import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { createInterface } from "node:readline";
import { request } from "undici";
import { checkedAnswers, takeWrongAnswers } from "../../support/checked-answers.ts";
import { AnswerRules, type SeenAnswer } from "../../support/described-answers.ts";
import { eventually } from "../../support/eventually.ts";
import { send } from "../../support/http-request.ts";
import { LocalRegistry } from "../../support/local-registry.ts";
import { basic, makeRegistry, manage, OWNER } from "../../support/management.ts";
import { recording, takeRecordedAnswers } from "../../support/recorded-answers.ts";
import { serves, servesNoMore } from "../../support/served-ports.ts";

const LOCATIONS = {
  id: "locations",
  type: "collection",
  href: "http://moorage.example/containerregistries/locations",
  items: [{ id: "de/fra" }],
};

describe("answers that are not as the OpenAPI description says", () => {
  const rules = new AnswerRules();
  const answer = (change: Partial<SeenAnswer> = {}): SeenAnswer => ({
    method: "GET",
    path: "/containerregistries/locations?depth=1",
    status: 200,
    headers: { "content-type": "application/json; charset=utf-8" },
    body: Buffer.from(JSON.stringify(LOCATIONS)),
    ...change,
  });
  const json = (value: unknown) => Buffer.from(JSON.stringify(value));

  it("are told from those that are", () => {
    assert.deepEqual(rules.problemsOf(answer()), []);
    assert.deepEqual(rules.problemsOf(answer({ path: "/locations" })), []);
    assert.deepEqual(rules.problemsOf(answer({ method: "HEAD", body: Buffer.alloc(0) })), []);
    for (const elsewhere of ["/v2/", "/v2", "/token?service=a"]) {
      assert.deepEqual(rules.problemsOf(answer({ path: elsewhere, status: 418 })), []);
    }
  });

  const error = { httpStatus: 404, messages: [{ errorCode: "route-unknown", message: "no" }] };
  const broken: Readonly<Record<string, Partial<SeenAnswer>>> = {
    "a field too many": { body: json({ ...LOCATIONS, total: 1 }) },
    "a field too many, deep inside": {
      body: json({ ...LOCATIONS, items: [{ id: "de/fra", x: 1 }] }),
    },
    "a field too few": { body: json({ ...LOCATIONS, items: undefined }) },
    "another type": { body: json({ ...LOCATIONS, items: [{ id: 1 }] }) },
    "another word": { body: json({ ...LOCATIONS, type: "list" }) },
    "no JSON": { body: Buffer.from("{") },
    "no body": { body: Buffer.alloc(0) },
    "another media type": { headers: { "content-type": "text/plain" } },
    "no media type": { headers: {} },
    "a status that is not described": { status: 204, body: Buffer.alloc(0) },
    "an error in another form": { status: 404, body: json({ error: "Not Found" }) },
    "no challenge": { status: 401, body: json(error) },
    "no time to come back at": { status: 503, body: json(error) },
    "an unknown path that is there": { path: "/nothing" },
    "a method that is not allowed, without those that are": {
      method: "DELETE",
      status: 405,
      body: json(error),
    },
    "a body where none is": { method: "HEAD", path: "/names/shop", status: 207 },
    "a creation without its place": {
      method: "POST",
      path: "/registries/5d1c7a52-0f3e-4a6e-9b52-0c9a3c1f0e11/tokens",
      status: 201,
    },
  };
  for (const [what, change] of Object.entries(broken)) {
    it(`are noticed: ${what}`, () => {
      assert.notDeepEqual(rules.problemsOf(answer(change)), []);
    });
  }

  it("are noticed to have times that a client stumbles over", async () => {
    const local = await LocalRegistry.start();
    try {
      const path = `/registries/${local.registry.id}`;
      const given = await manage(local.url, "GET", path);
      const text = await given.text();
      const registry = (body: string) =>
        rules.problemsOf(
          answer({
            path,
            headers: Object.fromEntries(given.headers),
            body: Buffer.from(body),
          }),
        );
      assert.deepEqual(registry(text), []);
      const created = /"createdDate":"([^"]*)Z"/;
      for (const time of ["$1+00:00", "$1", "", "2026-01-01Z"]) {
        assert.notDeepEqual(registry(text.replace(created, `"createdDate":"${time}"`)), [], time);
      }
      assert.notDeepEqual(registry(text.replace('"vulnerabilityScanning":', '"x":')), []);
    } finally {
      await local.close();
    }
  });

  describe("fail the test that received them", () => {
    let server: Server;
    let url: string;
    before(async () => {
      server = createServer((_request, outgoing) => {
        outgoing.setHeader("content-type", "application/json").end('{"items":"wrong"}');
      }).listen(0, "127.0.0.1");
      await once(server, "listening");
      const { port } = server.address() as AddressInfo;
      url = `http://127.0.0.1:${port}`;
      serves(port);
    });
    after(async () => {
      servesNoMore((server.address() as AddressInfo).port);
      server.close();
      await once(server, "close");
    });

    for (const [client, ask] of Object.entries({
      fetch: async () => (await fetch(`${url}/locations`)).text(),
      undici: async () => (await request(`${url}/locations`)).body.text(),
      "Node's own": async () => send(url, "GET", "/locations"),
    })) {
      it(`by the client ${client}`, async () => {
        await ask();
        const [problem = "", ...others] = takeWrongAnswers();
        assert.match(problem, /^GET \/locations was answered with 200: /);
        assert.deepEqual(others, []);
      });
    }
  });

  it("are noticed where another program has received them", async () => {
    const program = `
      import { createServer } from "node:http";
      createServer((_request, outgoing) => {
        outgoing.writeHead(200, { "content-type": "application/json" }).end('{"items":"wrong"}');
      }).listen(0, "127.0.0.1", function () { console.log(this.address().port); });`;
    const { import: recorder, environment } = recording();
    const child = spawn(process.execPath, [recorder, "--input-type=module", "-e", program], {
      env: environment,
      stdio: ["ignore", "pipe", "inherit"],
    });
    try {
      const [port] = await once(createInterface(child.stdout), "line");
      await (await fetch(`http://127.0.0.1:${port}/locations`)).text();
      const [sent] = await eventually("the answer to be written down", async () => {
        const answers = takeRecordedAnswers();
        return answers.length > 0 ? answers : undefined;
      });
      assert.ok(sent !== undefined);
      assert.match(rules.problemsOf(sent).join(), /^GET \/locations was answered with 200: /);
    } finally {
      const ended = once(child, "close");
      child.kill();
      await ended;
    }
  });

  it("are looked for in every answer of a server of ours", async () => {
    const local = await LocalRegistry.start();
    try {
      const before = checkedAnswers();
      await makeRegistry(local.url, "another");
      await send(local.url, "GET", "/locations", { headers: { authorization: basic(OWNER) } });
      assert.equal(checkedAnswers(), before + 2);
    } finally {
      await local.close();
    }
  });
});
