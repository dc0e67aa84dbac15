import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { z } from "zod";
import { basic, makeRegistry, makeToken, OWNER } from "../../support/management.ts";
import { answered, refused } from "../../support/management-answer.ts";
import { RunningServer } from "../../support/running-server.ts";

const organization = z.object({
  type: z.string(),
  properties: z.object({ name: z.string(), contractNumber: z.int() }),
});

describe("who gets into the management API", () => {
  let server: RunningServer;
  let registry: { id: string; name: string };
  before(async () => {
    server = await RunningServer.start();
    registry = await makeRegistry(server.url, "shop");
  });
  after(() => server.stop());

  const call = (method: string, path: string, authorization?: string) =>
    fetch(`${server.url}/containerregistries${path}`, {
      method,
      headers: {
        "content-type": "application/json",
        ...(authorization !== undefined && { authorization }),
      },
      ...(method !== "GET" && { body: "{" }),
    });
  const routes = () =>
    [
      ["GET", "/locations"],
      ["GET", "/organization"],
      ["GET", "/registries"],
      ["POST", "/registries"],
      ["GET", `/registries/${registry.id}`],
      ["PUT", `/registries/${registry.id}`],
      ["PATCH", `/registries/${registry.id}`],
      ["DELETE", `/registries/${registry.id}`],
      ["GET", `/registries/${registry.id}/tokens`],
      ["POST", `/registries/${registry.id}/tokens`],
      ["POST", `/registries/${registry.id}/tokens/${randomUUID()}/rotate`],
      ["POST", `/registries/${registry.id}/tokens/${randomUUID()}/scopes`],
    ] as const;

  it("nobody without credentials, whatever the body is", async () => {
    for (const [method, path] of routes()) {
      const answer = await call(method, path);
      assert.equal(answer.headers.get("www-authenticate"), 'Basic realm="moorage"', path);
      assert.deepEqual(await refused(answer, 401), ["credentials-missing"]);
    }
  });

  it("nobody with wrong or garbled credentials", async () => {
    const wrong = [
      basic({ ...OWNER, password: "wrong" }),
      basic({ username: "nobody@moorage.example", password: "wrong" }),
      "Basic !!!",
      "Basic",
      "Bearer x.y.z",
      "Digest username=owner",
    ];
    for (const authorization of wrong) {
      const answer = await call("GET", "/registries", authorization);
      assert.equal(answer.headers.get("www-authenticate"), 'Basic realm="moorage"');
      assert.deepEqual(await refused(answer, 401), ["credentials-invalid"], authorization);
    }
  });

  it("a person, who also sees the own organization", async () => {
    const answer = await call("GET", "/organization", basic(OWNER));
    const { type, properties } = await answered(answer, 200, organization);
    assert.equal(type, "organization");
    assert.deepEqual(properties, { name: "moorage.example", contractNumber: 1 });
  });

  it("no token, even one that may do everything in its registry", async () => {
    const token = await makeToken(server.url, registry, "ci");
    for (const [method, path] of routes()) {
      const answer = await call(method, path, basic(token));
      assert.deepEqual(await refused(answer, 403), ["access-denied"], path);
    }
  });

  it("nobody with a bearer token that was issued for the data plane", async () => {
    const query = new URLSearchParams({
      service: "x",
      scope: `repository:${registry.name}/a:pull`,
    });
    for (const credentials of [OWNER, undefined]) {
      const issued = await fetch(`${server.url}${await tokenPath()}?${query}`, {
        headers: { ...(credentials && { authorization: basic(credentials) }) },
      });
      const { token } = (await issued.json()) as { token: string };
      const answer = await call("GET", "/registries", `Bearer ${token}`);
      assert.deepEqual(await refused(answer, credentials === undefined ? 401 : 403), [
        credentials === undefined ? "credentials-missing" : "access-denied",
      ]);
    }
  });

  /** Where the challenge sends clients for a bearer token. */
  async function tokenPath(): Promise<string> {
    const answer = await fetch(`${server.url}/v2/`);
    await answer.arrayBuffer();
    const realm = /realm="([^"]+)"/.exec(answer.headers.get("www-authenticate") ?? "")?.[1];
    return new URL(realm ?? "").pathname;
  }
});
