import assert from "node:assert/strict";
import { parseHost, targetOf } from "../../../../provider/server/src/http/wire/registry-address.ts";

describe("a Host header", () => {
  for (const [host, domain, registry] of [
    ["shop.cr.de-fra.localhost", "localhost", "shop"],
    ["shop.cr.de-fra.localhost:5000", "localhost", "shop"],
    ["SHOP.cr.DE-FRA.LocalHost:5000", "localhost", "shop"],
    ["shop.cr.de-fra.localhost.", "localhost", "shop"],
    ["my-shop-2.cr.de-fra.registry.example", "registry.example", "my-shop-2"],
    [`${"x".repeat(63)}.cr.de-fra.localhost`, "localhost", "x".repeat(63)],
    [undefined, "localhost", undefined],
    ["", "localhost", undefined],
    ["localhost", "localhost", undefined],
    ["localhost:5000", "localhost", undefined],
    ["127.0.0.1:5000", "localhost", undefined],
    ["[::1]:5000", "localhost", undefined],
    ["shop.localhost", "localhost", undefined],
    ["shop.cr.localhost", "localhost", undefined],
    ["cr.de-fra.localhost", "localhost", undefined],
    ["a.b.cr.de-fra.localhost", "localhost", undefined],
    ["-shop.cr.de-fra.localhost", "localhost", undefined],
    ["shop.cr.de-fra.localhost.evil.example", "localhost", undefined],
    ["shop.cr.de-fra.evillocalhost", "localhost", undefined],
    ["shop.cr.de-fra.localhost:port", "localhost", undefined],
    [`${"x".repeat(64)}.cr.de-fra.localhost`, "localhost", undefined],
  ] as const) {
    it(`${host} stands for ${registry?.slice(0, 20) ?? "all registries"}`, () => {
      assert.deepEqual(parseHost(host, domain), { hostRegistry: registry });
    });
  }
});

describe("a name on the distribution API", () => {
  it("is the repository's alone on a registry's own host", () => {
    const address = { hostRegistry: "shop" };
    assert.deepEqual(targetOf(address, "team/app"), { registry: "shop", repository: "team/app" });
    assert.deepEqual(targetOf(address, "shop"), { registry: "shop", repository: "shop" });
  });

  it("begins with the registry on a host that all share", () => {
    const address = { hostRegistry: undefined };
    assert.deepEqual(targetOf(address, "shop/app"), { registry: "shop", repository: "app" });
    assert.deepEqual(targetOf(address, "shop/a/b"), { registry: "shop", repository: "a/b" });
    assert.deepEqual(targetOf(address, "shop"), { registry: "shop", repository: "" });
    assert.deepEqual(targetOf(address, "/app"), { registry: "", repository: "app" });
  });
});
