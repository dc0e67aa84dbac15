import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { readdir, readFile, stat } from "node:fs/promises";
import { join } from "node:path";
import { bearerFor, bearing } from "../../support/bearer.ts";
import { assertStatus } from "../../support/distribution-client.ts";
import { send } from "../../support/http-request.ts";
import {
  basic,
  type Credentials,
  EVERYTHING,
  makeUser,
  manage,
  OWNER,
} from "../../support/management.ts";
import { OtlpReceiver } from "../../support/otlp-receiver.ts";
import { type RegistryUnderTest, startRegistry } from "../../support/registry-under-test.ts";

interface Written {
  readonly place: string;
  readonly bytes: Buffer;
}

/** A whole session with secrets that are known, wrong ones among them; then everything that was written anywhere is searched for them. */
describe("what a whole session leaves behind", function () {
  // A dozen passwords are hashed.
  this.timeout(60_000);
  let under: RegistryUnderTest;
  let traces: OtlpReceiver;
  /** What was said to those who sent something wrong. */
  let refusals = "";
  const secrets: Record<string, string> = {};
  let written: Written[] = [];

  before(async () => {
    traces = await OtlpReceiver.start();
    under = await startRegistry({
      MOORAGE_LOG_LEVEL: "debug",
      OTEL_EXPORTER_OTLP_ENDPOINT: traces.endpoint,
    });
    await session();
    // What is written behind is written now.
    await under.server.kill("SIGTERM");
    written = await everythingWritten();
  });
  after(async () => {
    await under.server.stop();
    await traces.stop();
  });

  async function session(): Promise<void> {
    const { url } = under.server;
    secrets["the owner's password"] = OWNER.password;
    secrets["a token's secret"] = under.token.password;
    const content = `content-${randomBytes(12).toString("hex")}`;
    secrets["content of a small blob"] = content;
    secrets["content of a large blob"] = `large-${randomBytes(12).toString("hex")}`;
    secrets["a manifest's annotation"] = `note-${randomBytes(12).toString("hex")}`;
    const { client } = under;
    await client.pushBlob("app", Buffer.from(content));
    const large = `${secrets["content of a large blob"]} `.repeat(10_000);
    await client.pushBlob("app", Buffer.from(large));
    await client.pushImage("app", "1", {
      annotations: { note: secrets["a manifest's annotation"] },
    });
    const started = await client.startUpload("app");
    secrets["content of an upload under way"] = `half-${randomBytes(12).toString("hex")}`;
    const half = Buffer.from(`${secrets["content of an upload under way"]} `.repeat(10_000));
    assertStatus(await client.send("PATCH", started, { body: half }), 202);

    const bearer = await bearerFor(url, under.token, "repository:shop/app:pull,push");
    secrets["a bearer token"] = bearer;
    secrets["a bearer token's signature"] = bearer.split(".")[2] ?? "";
    const anyone = client.anonymous();
    const headers = bearing(bearer);
    assertStatus(await anyone.ask("GET", "app", "manifests/1", { headers }), 200);

    const user = await makeUser(url, "ada@moorage.example", "developer");
    secrets["a password that was generated"] = user.password;
    const password = `chosen ${randomBytes(12).toString("hex")}`;
    secrets["a password that was chosen"] = password;
    await expectStatus(manage(url, "PATCH", `/users/${user.id}`, { password }), 200);
    await expectStatus(manage(url, "GET", "/registries", undefined, { ...user, password }), 200);

    const tokens = `/registries/${under.registry.id}/tokens`;
    const made = await manage(url, "POST", tokens, {
      properties: { name: "rotated", scopes: [EVERYTHING] },
    });
    const { id, properties } = (await made.json()) as {
      id: string;
      properties: { credentials: Credentials };
    };
    secrets["a secret that was replaced"] = properties.credentials.password;
    const rotated = await manage(url, "POST", `${tokens}/${id}/rotate`, {});
    const answer = (await rotated.json()) as { properties: { credentials: Credentials } };
    secrets["a secret that replaced it"] = answer.properties.credentials.password;
    assert.match(answer.properties.credentials.password, /^mrg_/);

    await wrongOnes(url);
  }

  /** Secrets of other places that somebody sends here by mistake, wherever a client can put them. */
  async function wrongOnes(url: string): Promise<void> {
    const wrong = (what: string, text: string) => {
      secrets[what] = text;
      return text;
    };
    const hex = () => randomBytes(12).toString("hex");
    const asPassword = wrong("a wrong password", `wrong-${hex()}`);
    const asToken = wrong(
      "an unknown token's secret",
      `mrg_${randomBytes(32).toString("base64url")}`,
    );
    const asJwt = wrong("somebody else's JWT", `eyJhbGciOiJSUzI1NiJ9.${hex()}.${hex()}`);
    const asQuery = wrong("a secret in a query", `query-${hex()}`);
    const inBody = wrong("a secret in a body", `body-${hex()}`);
    const inCookie = wrong("a cookie", `cookie-${hex()}`);
    for (const authorization of [
      basic({ ...OWNER, password: asPassword }),
      basic({ ...under.token, password: asToken }),
      basic({ ...OWNER, password: asJwt }),
      `Bearer ${asJwt}`,
      `Bearer ${asToken}`,
      `Token ${asToken}`,
    ]) {
      const headers = { authorization, cookie: `session=${inCookie}` };
      for (const path of [
        "/v2/",
        `/v2/shop/app/tags/list?access_token=${asQuery}`,
        `/token?account=x&password=${asQuery}`,
        `/containerregistries/registries?token=${asQuery}`,
      ]) {
        const { status, body } = await send(url, "GET", path, { headers });
        refusals += body.toString();
        assert.ok(status === 401 || status === 429, `${path}: ${status}`);
      }
    }
    const form = new URLSearchParams({ grant_type: "password", username: "x", password: inBody });
    await send(url, "POST", "/token", {
      headers: { "content-type": "application/x-www-form-urlencoded" },
      body: form.toString(),
    });
    const bad = { properties: { email: "eve@moorage.example", role: "none", password: inBody } };
    await expectStatus(manage(url, "POST", "/users", bad), 400);
    const garbled = `{"properties": {"password": "${inBody}"`;
    const headers = { authorization: basic(OWNER), "content-type": "application/json" };
    const answer = await send(url, "POST", "/users", { headers, body: garbled });
    assertStatus(answer, 400);
    refusals += answer.body.toString();
  }

  async function everythingWritten(): Promise<Written[]> {
    const { server } = under;
    const found: Written[] = [
      { place: "the log", bytes: Buffer.from(server.log) },
      { place: "the traces", bytes: Buffer.from(traces.raw) },
      { place: "the refusals", bytes: Buffer.from(refusals) },
    ];
    for (const entry of await readdir(server.dataDir, { recursive: true, withFileTypes: true })) {
      if (entry.isFile()) {
        const place = join(entry.parentPath, entry.name);
        found.push({ place, bytes: await readFile(place) });
      }
    }
    return found;
  }

  it("holds no secret and no content in clear: not the log, the traces, the refusals, the database, or any file", () => {
    assert.ok(written.length > 6);
    assert.ok(traces.spans.length > 30 && refusals.includes("credentials"));
    assert.ok(written.some(({ bytes }) => bytes.byteLength > 300_000));
    // What is no secret is found, so the search works.
    assert.ok(written.some(({ bytes }) => bytes.includes("ada@moorage.example")));
    for (const [what, secret] of Object.entries(secrets)) {
      assert.ok(secret.length >= 12, what);
      for (const spelt of [
        secret,
        Buffer.from(secret).toString("base64").replace(/=+$/, "").slice(0, -2),
        Buffer.from(secret).toString("hex"),
        encodeURIComponent(secret),
      ]) {
        const places = written.filter(({ bytes }) => bytes.includes(spelt));
        assert.deepEqual(
          places.map(({ place }) => place),
          [],
          `${what}, as ${spelt.slice(0, 8)}…`,
        );
      }
    }
  });

  it("has no Authorization header in any form", () => {
    for (const { place, bytes } of written) {
      const text = bytes.toString("latin1");
      assert.doesNotMatch(text, /Basic [A-Za-z0-9+/]{16}|Bearer (?:eyJ|mrg_)/, place);
    }
  });

  it("tells of all that in the log, in lines that are JSON", () => {
    const lines = under.server.log.trimEnd().split("\n");
    const events = lines.map((line) => (JSON.parse(line) as { event: string }).event);
    assert.ok(events.filter((event) => event === "request").length > 30);
  });

  it("is in the data directory for the owner of the process alone", async () => {
    const { dataDir } = under.server;
    assert.equal((await stat(dataDir)).mode & 0o777, 0o700);
    for (const entry of await readdir(dataDir, { recursive: true, withFileTypes: true })) {
      const path = join(entry.parentPath, entry.name);
      const { mode } = await stat(path);
      assert.equal(mode & 0o777, entry.isDirectory() ? 0o700 : 0o600, path);
      assert.ok(entry.isDirectory() || entry.isFile(), `${path} is neither`);
    }
  });
});

describe("a running server", () => {
  let under: RegistryUnderTest;
  before(async () => {
    under = await startRegistry();
  });
  after(() => under.server.stop());

  it("has no secret among its arguments, which every user of the machine can read", async () => {
    const line = await readFile(`/proc/${under.server.pid}/cmdline`, "utf8");
    assert.match(line, /main\.ts/);
    const key = (await readFile(join(under.server.dataDir, "master-key"), "utf8")).trim();
    for (const secret of [OWNER.password, under.token.password, key]) {
      assert.ok(!line.includes(secret));
    }
  });
});

async function expectStatus(asked: Promise<Response>, status: number): Promise<void> {
  const answer = await asked;
  assert.equal(answer.status, status, await answer.text());
}
