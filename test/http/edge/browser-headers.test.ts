import assert from "node:assert/strict";
import type { IncomingHttpHeaders } from "node:http";
import { type Answer, send } from "../../support/http-request.ts";
import { LocalRegistry } from "../../support/local-registry.ts";
import { basic, OWNER } from "../../support/management.ts";

const CONSOLE = "https://console.example.com";
const API = "/containerregistries/registries";
const authorization = basic(OWNER);

describe("what browsers are told", () => {
  let plain: LocalRegistry;
  let behindTls: LocalRegistry;
  let shared: LocalRegistry;
  let open: LocalRegistry;

  before(async () => {
    const start = (environment: Record<string, string>) => LocalRegistry.start({ environment });
    plain = await start({});
    behindTls = await start({ MOORAGE_PUBLIC_URL: "https://registry.example.com" });
    shared = await start({ MOORAGE_CORS_ORIGINS: `${CONSOLE},http://127.0.0.1:8080` });
    open = await start({ MOORAGE_CORS_ORIGINS: "*" });
  });
  after(async () => {
    for (const local of [plain, behindTls, shared, open]) {
      await local.close();
    }
  });

  const get = (local: LocalRegistry, path: string, headers: Record<string, string> = {}) =>
    send(local.url, "GET", path, { headers });

  it("is that answers are data and nothing else", async () => {
    for (const [path, headers, status] of [
      [API, { authorization }, 200],
      [API, {}, 401],
      ["/registries/none", { authorization }, 400],
      ["/containerregistries/nothing", {}, 404],
      ["/nothing", {}, 404],
      ["/token", {}, 200],
      ["/token", { authorization: "Basic bm9ib2R5Ondyb25n" }, 401],
    ] as const) {
      const answer = await get(plain, path, headers);
      assert.equal(answer.status, status, path);
      assert.equal(answer.headers["x-content-type-options"], "nosniff", path);
      assert.equal(answer.headers["x-frame-options"], "DENY", path);
      assert.equal(
        answer.headers["content-security-policy"],
        "default-src 'none';frame-ancestors 'none'",
        path,
      );
    }
    for (const path of ["/v2/", "/v2/shop/app/manifests/1", "/v2/nothing"]) {
      assert.equal((await get(plain, path)).headers["x-content-type-options"], "nosniff", path);
    }
  });

  it("is to stay with HTTPS, where clients come by it, and only there", async () => {
    for (const path of [API, "/token", "/v2/"]) {
      const told = (await get(behindTls, path)).headers["strict-transport-security"];
      assert.equal(told, "max-age=31536000", path);
      const silent = (await get(plain, path)).headers["strict-transport-security"];
      assert.equal(silent, undefined, path);
    }
  });

  function preflight(local: LocalRegistry, path: string, origin: string): Promise<Answer> {
    const headers = {
      origin,
      "access-control-request-method": "PATCH",
      "access-control-request-headers": "authorization,content-type",
    };
    return send(local.url, "OPTIONS", path, { headers });
  }

  const grantsIn = (headers: IncomingHttpHeaders) =>
    Object.keys(headers).filter((name) => name.startsWith("access-control-"));

  it("lets no page of another origin in by default", async () => {
    for (const path of [API, "/v2/shop/app/blobs/uploads/"]) {
      assert.deepEqual(grantsIn((await preflight(plain, path, CONSOLE)).headers), []);
      assert.deepEqual(grantsIn((await get(plain, path, { origin: CONSOLE })).headers), []);
    }
  });

  for (const path of [API, "/registries", "/v2/", "/v2/shop/app/blobs/uploads/", "/token"]) {
    it(`lets pages of the named origins in at ${path}, and no others`, async () => {
      const answer = await preflight(shared, path, CONSOLE);
      assert.equal(answer.status, 204);
      assert.equal(answer.headers["access-control-allow-origin"], CONSOLE);
      assert.match(String(answer.headers["access-control-allow-methods"]), /PATCH/);
      assert.match(String(answer.headers["access-control-allow-headers"]), /authorization/);
      const other = await preflight(shared, path, "https://evil.example.com");
      assert.equal(other.headers["access-control-allow-origin"], undefined);
    });
  }

  it("lets a page read answers of both APIs, refusals too, and their headers", async () => {
    await shared.client.pushImage("app", "1");
    const token = basic(shared.token);
    for (const [path, headers, status] of [
      [API, { authorization }, 200],
      [API, {}, 401],
      ["/v2/", {}, 401],
      ["/v2/shop/app/manifests/1", { authorization: token }, 200],
      ["/v2/shop/app/manifests/2", { authorization: token }, 404],
    ] as const) {
      const answer = await get(shared, path, { ...headers, origin: CONSOLE });
      assert.equal(answer.status, status, path);
      assert.equal(answer.headers["access-control-allow-origin"], CONSOLE, path);
      assert.match(String(answer.headers.vary), /\bOrigin\b/, path);
      const readable = String(answer.headers["access-control-expose-headers"]);
      assert.match(readable, /Docker-Content-Digest/);
    }
  });

  it("never asks for the credentials that a browser adds by itself", async () => {
    for (const local of [shared, open]) {
      for (const path of [API, "/v2/"]) {
        for (const answer of [
          await preflight(local, path, CONSOLE),
          await get(local, path, { origin: CONSOLE }),
        ]) {
          assert.equal(answer.headers["access-control-allow-credentials"], undefined);
        }
      }
    }
    const { headers } = await preflight(open, API, "https://anything.example.com");
    assert.equal(headers["access-control-allow-origin"], "*");
  });

  it("leaves unknown paths unknown where pages are let in", async () => {
    assert.equal((await get(shared, "/nothing", { authorization })).status, 404);
    const answer = await send(shared.url, "POST", "/containerregistries/locations", {
      headers: { authorization },
    });
    assert.equal(answer.status, 405);
    assert.equal(answer.headers.allow, "GET, HEAD");
  });
});
