import assert from "node:assert/strict";
import path from "node:path";
import { readSettings } from "../../../tools/quickstart/settings.ts";
import { REPOSITORY } from "../../../tools/repository.ts";

describe("the quickstart's settings", () => {
  it("keep everything under .moorage and expect the server on port 5000", () => {
    const settings = readSettings({});
    assert.equal(settings.endpoint, "http://127.0.0.1:5000");
    assert.equal(settings.stackName, "quickstart");
    assert.equal(settings.dataFolder, path.join(REPOSITORY, ".moorage"));
    assert.equal(settings.logFile, path.join(REPOSITORY, ".moorage", "server.log"));
    assert.equal(settings.isForeign, false);
  });

  it("reach a server that listens on every address by the loopback one", () => {
    const endpoints = [
      ["0.0.0.0:81", "http://127.0.0.1:81"],
      [":82", "http://127.0.0.1:82"],
      ["[::]:83", "http://[::1]:83"],
      ["registry.example:84, 127.0.0.1:85", "http://registry.example:84"],
    ] as const;
    for (const [listen, endpoint] of endpoints) {
      assert.equal(readSettings({ MOORAGE_LISTEN: listen }).endpoint, endpoint);
    }
  });

  it("refuse an address without a port, and an endpoint that is no address, in one line", () => {
    assert.throws(() => readSettings({ MOORAGE_LISTEN: "127.0.0.1" }), {
      name: "Problem",
      message: "MOORAGE_LISTEN must be like 127.0.0.1:5000, and is 127.0.0.1",
    });
    assert.throws(() => readSettings({ MOORAGE_ENDPOINT: "registry.example" }), {
      name: "Problem",
      message: /^MOORAGE_ENDPOINT must be like /,
    });
  });

  it("leave the server that MOORAGE_ENDPOINT names to others", () => {
    const settings = readSettings({ MOORAGE_ENDPOINT: "https://registry.example/" });
    assert.equal(settings.endpoint, "https://registry.example");
    assert.equal(settings.isForeign, true);
  });

  it("give each server a stack of its own", () => {
    const names = [
      {},
      { MOORAGE_DATA_DIR: "/srv/one" },
      { MOORAGE_DATA_DIR: "/srv/two" },
      { MOORAGE_ENDPOINT: "https://registry.example" },
    ].map((environment) => readSettings(environment).stackName);
    assert.equal(new Set(names).size, names.length);
    assert.equal(readSettings({ MOORAGE_DATA_DIR: ".moorage" }).stackName, "quickstart");
  });
});
