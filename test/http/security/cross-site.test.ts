import assert from "node:assert/strict";
import { send } from "../../support/http-request.ts";
import { LocalRegistry } from "../../support/local-registry.ts";
import { basic, manage, OWNER } from "../../support/management.ts";

const EVIL = "https://evil.example";

describe("a page of another site", () => {
  let local: LocalRegistry;
  before(async () => {
    local = await LocalRegistry.start({
      environment: { MOORAGE_CORS_ORIGINS: "https://console.example" },
    });
    await local.client.pushImage("app", "1");
  });
  after(() => local.close());

  const authorization = basic(OWNER);
  const FORM = "application/x-www-form-urlencoded";

  function rotate(headers: Record<string, string>) {
    const { registry, token } = local;
    const path = `/containerregistries/registries/${registry.id}/tokens/${token.id}/rotate`;
    return send(local.url, "POST", path, { headers: { authorization, ...headers } });
  }

  it("changes nothing, even with a password that the browser adds by itself", async () => {
    const { registry } = local;
    const before = await (await manage(local.url, "GET", "/audit-events")).text();
    for (const origin of [
      EVIL,
      "null",
      "http://127.0.0.1:1",
      `${local.url}.evil.example`,
      "https://console.example.evil.example",
      "https://Console.example",
    ]) {
      for (const [method, path] of [
        ["POST", `/registries/${registry.id}/garbage-collections`],
        ["POST", `/registries/${registry.id}/tokens/${local.token.id}/rotate`],
        ["DELETE", `/registries/${registry.id}`],
        ["POST", "/users"],
        ["POST", "/token"],
        ["POST", "/v2/shop/app/blobs/uploads/"],
        ["DELETE", "/v2/shop/app/manifests/1"],
      ]) {
        for (const type of [FORM, "text/plain", undefined]) {
          const headers = { authorization, origin, ...(type && { "content-type": type }) };
          const answer = await send(local.url, method ?? "", path ?? "", { headers });
          assert.equal(answer.status, 403, `${origin}: ${method} ${path}`);
          assert.match(answer.body.toString(), /MOORAGE_CORS_ORIGINS/);
        }
      }
    }
    assert.equal(await (await manage(local.url, "GET", "/audit-events")).text(), before);
  });

  it("is not the server's own page, nor one that is let in, nor a program", async () => {
    for (const headers of [{}, { origin: local.url }, { origin: "https://console.example" }]) {
      assert.equal((await rotate({ ...headers, "content-type": "application/json" })).status, 200);
    }
  });

  it("reads as much as a program without credentials", async () => {
    const answer = await send(local.url, "GET", "/v2/", { headers: { origin: EVIL } });
    assert.equal(answer.status, 401);
    assert.equal(answer.headers["access-control-allow-origin"], undefined);
    assert.equal(answer.headers["set-cookie"], undefined);
  });
});
