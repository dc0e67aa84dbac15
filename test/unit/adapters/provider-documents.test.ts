import assert from "node:assert/strict";
import { once } from "node:events";
import { createServer, type RequestListener, type Server } from "node:http";
import { fetchKeySet } from "../../../provider/server/src/adapters/identity-oidc/provider-documents.ts";
import { PROVIDER_ANSWER_BYTES_MAX } from "../../../provider/server/src/domain/limits.ts";
import { freePort } from "../../support/free-port.ts";

describe("what an identity provider publishes", () => {
  let server: Server;
  let issuer: string;
  let answers: Readonly<Record<string, RequestListener>>;

  before(async () => {
    const port = await freePort();
    issuer = `http://127.0.0.1:${port}`;
    server = createServer((request, response) => {
      const answer = answers[request.url ?? ""];
      if (answer === undefined) {
        response.writeHead(404).end();
      } else {
        answer(request, response);
      }
    });
    server.listen(port, "127.0.0.1");
    await once(server, "listening");
  });
  after(() => {
    server.close();
    server.closeAllConnections();
  });

  const json =
    (document: unknown): RequestListener =>
    (_, response) =>
      response.end(JSON.stringify(document));
  const discovery = (more: object = {}) => ({
    "/.well-known/openid-configuration": json({ issuer, jwks_uri: `${issuer}/keys`, ...more }),
  });
  const ask = (millisecondsMax = 5000) => fetchKeySet(issuer, millisecondsMax);

  it("is its public keys; a secret among them is passed over", async () => {
    const keys = [{ kty: "RSA", kid: "1" }, { kty: "oct", k: "c2VjcmV0" }, { kty: "EC" }];
    answers = { ...discovery(), "/keys": json({ keys }) };
    assert.deepEqual(await ask(), { keys: [keys[0], keys[2]] });
  });

  it("is found below an issuer with a slash at its end, too", async () => {
    answers = { ...discovery({ issuer: `${issuer}/` }), "/keys": json({ keys: [] }) };
    assert.deepEqual(await fetchKeySet(`${issuer}/`, 5000), { keys: [] });
  });

  for (const [what, make, expected] of [
    ["nothing", () => ({}), /answers 404/],
    ["no JSON", () => ({ ...discovery(), "/keys": (_, r) => r.end("<html>") }), /JSON/],
    ["no keys", () => ({ ...discovery(), "/keys": json({}) }), /is no set of keys/],
    ["no address of keys", () => discovery({ jwks_uri: undefined }), /no jwks_uri/],
    ["another issuer", () => discovery({ issuer: "https://a.example" }), /is of another issuer/],
    [
      "keys at an address that is not its own kind",
      () => discovery({ jwks_uri: "http://keys.example.test/" }),
      /not at an https address/,
    ],
    ["keys in a file", () => discovery({ jwks_uri: "file:///etc/passwd" }), /not at an https/],
    [
      "a detour",
      () => ({ ...discovery(), "/keys": (_, r) => r.writeHead(302, { location: "/x" }).end() }),
      /fetch failed/,
    ],
    [
      "too much",
      () => ({
        ...discovery(),
        "/keys": (_, r) => r.end("[".repeat(PROVIDER_ANSWER_BYTES_MAX + 1)),
      }),
      /answers more than/,
    ],
  ] as readonly (readonly [string, () => Readonly<Record<string, RequestListener>>, RegExp])[]) {
    it(`is refused where it is ${what}`, async () => {
      answers = make();
      await assert.rejects(ask(), expected);
    });
  }

  it("is not waited for longer than the limit", async () => {
    answers = { ...discovery(), "/keys": (_, response) => void response.write("{") };
    await assert.rejects(ask(100), /timeout/);
  });
});
