import assert from "node:assert/strict";
import { ConfigError } from "../../../provider/server/src/config/config-error.ts";
import { readConfig } from "../../../provider/server/src/config.ts";

describe("settings for whoever watches a server", () => {
  const refusal = (environment: Readonly<Record<string, string>>, problem: RegExp) =>
    assert.throws(
      () => readConfig(environment),
      (error) => ConfigError.is(error) && problem.test(error.message),
    );

  it("measure nothing unless told to", () => {
    assert.equal(readConfig({}).metricsListen, undefined);
    assert.equal(readConfig({ MOORAGE_METRICS_LISTEN: "off" }).metricsListen, undefined);
  });

  it("take an address for the metrics", () => {
    const { metricsListen } = readConfig({ MOORAGE_METRICS_LISTEN: "[::1]:9090" });
    assert.deepEqual(metricsListen, { host: "::1", port: 9090 });
  });

  it("refuse what is no address, and what the server listens at already", () => {
    refusal({ MOORAGE_METRICS_LISTEN: "on" }, /MOORAGE_METRICS_LISTEN: "on" is not an address/);
    const MOORAGE_METRICS_LISTEN = "127.0.0.1:5000";
    refusal({ MOORAGE_METRICS_LISTEN }, /MOORAGE_LISTEN has this address, too/);
    const MOORAGE_REGISTRY_PORTS = "20000-20999";
    refusal(
      { MOORAGE_METRICS_LISTEN: "127.0.0.1:20500", MOORAGE_REGISTRY_PORTS },
      /one of MOORAGE_REGISTRY_PORTS/,
    );
  });

  it("keep the metrics to this machine unless plain HTTP is allowed", () => {
    const MOORAGE_METRICS_LISTEN = "0.0.0.0:9090";
    refusal({ MOORAGE_METRICS_LISTEN }, /0\.0\.0\.0 can be reached from other machines/);
    const allowed = readConfig({ MOORAGE_METRICS_LISTEN, MOORAGE_ALLOW_HTTP: "true" });
    assert.deepEqual(allowed.metricsListen, { host: "0.0.0.0", port: 9090 });
  });
});
