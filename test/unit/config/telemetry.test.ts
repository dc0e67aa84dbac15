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

describe("settings of traces", () => {
  const ENDPOINT = { OTEL_EXPORTER_OTLP_ENDPOINT: "http://collector.example:4318" };
  const refusal = (environment: Readonly<Record<string, string>>, problem: RegExp) =>
    assert.throws(
      () => readConfig({ ...ENDPOINT, ...environment }),
      (error) => ConfigError.is(error) && problem.test(error.message),
    );

  it("trace nothing without an endpoint, or where that is switched off", () => {
    assert.equal(readConfig({ OTEL_SERVICE_NAME: "a" }).tracing, undefined);
    assert.equal(readConfig({ ...ENDPOINT, OTEL_SDK_DISABLED: "true" }).tracing, undefined);
  });

  it("send everything that clients do not decide on to the endpoint's path for traces", () => {
    assert.deepEqual(readConfig(ENDPOINT).tracing, {
      url: "http://collector.example:4318/v1/traces",
      headers: {},
      serviceName: "moorage",
      sampler: "parentbased_always_on",
      samplerRatio: 1,
    });
  });

  it("take a part of the traces, a name, and headers with percent-encoded values", () => {
    const { tracing } = readConfig({
      OTEL_EXPORTER_OTLP_ENDPOINT: "https://collector.example/otlp/",
      OTEL_EXPORTER_OTLP_HEADERS: "authorization=Bearer%20abc, x-tenant=one",
      OTEL_SERVICE_NAME: "harbour",
      OTEL_TRACES_SAMPLER: "traceidratio",
      OTEL_TRACES_SAMPLER_ARG: "0.05",
    });
    assert.deepEqual(tracing, {
      url: "https://collector.example/otlp/v1/traces",
      headers: { authorization: "Bearer abc", "x-tenant": "one" },
      serviceName: "harbour",
      sampler: "traceidratio",
      samplerRatio: 0.05,
    });
  });

  it("refuse what cannot be, and say what could", () => {
    refusal({ OTEL_EXPORTER_OTLP_ENDPOINT: "collector:4317" }, /expected http\(s\):/);
    refusal({ OTEL_EXPORTER_OTLP_ENDPOINT: "http://a:b@c/" }, /without credentials/);
    refusal({ OTEL_EXPORTER_OTLP_PROTOCOL: "grpc" }, /PROTOCOL: expected "http\/json"/);
    refusal({ OTEL_TRACES_SAMPLER: "jaeger_remote" }, /expected one of always_on/);
    refusal({ OTEL_TRACES_SAMPLER_ARG: "5" }, /a number from 0 to 1/);
    refusal({ OTEL_EXPORTER_OTLP_HEADERS: "no value" }, /expected <name>=<value>/);
  });

  it("say nothing of the secret that is in headers", () => {
    const OTEL_EXPORTER_OTLP_HEADERS = "authorization=%zz-secret";
    assert.throws(
      () => readConfig({ ...ENDPOINT, OTEL_EXPORTER_OTLP_HEADERS }),
      (error) => ConfigError.is(error) && !error.message.includes("secret"),
    );
  });
});
