import assert from "node:assert/strict";
import { assertStatus } from "../../support/distribution-client.ts";
import { eventually } from "../../support/eventually.ts";
import { freePort } from "../../support/free-port.ts";
import { startRegistry } from "../../support/registry-under-test.ts";

/** Says on standard error when a package for whoever watches is loaded, in any thread. */
const SAY_WHAT_IS_LOADED = `--import=data:text/javascript,${encodeURIComponent(`
  import { registerHooks } from "node:module";
  import { writeSync } from "node:fs";
  registerHooks({
    load(url, context, next) {
      const match = /node_modules.(@opentelemetry|prom-client)/.exec(url);
      if (match !== null) { writeSync(2, "loaded " + match[1] + "\\n"); }
      return next(url, context);
    },
  });`)}`;

describe("a server that nobody watches", () => {
  for (const workers of ["1", "2"]) {
    it(`with ${workers} workers loads nothing for it, and says nothing of traces`, async () => {
      const environment = { MOORAGE_WORKERS: workers, NODE_OPTIONS: SAY_WHAT_IS_LOADED };
      const { server, client } = await startRegistry(environment);
      try {
        await client.pushImage("app", "1");
        const answer = await client.ask("GET", "app", "manifests/1");
        assertStatus(answer, 200);
        assert.equal(answer.headers["traceresponse"], undefined);
        assert.doesNotMatch(server.log, /loaded |traceId/);
      } finally {
        await server.stop();
      }
    });
  }

  it("is another one than one that is watched", async () => {
    const { server } = await startRegistry({
      MOORAGE_WORKERS: "1",
      NODE_OPTIONS: SAY_WHAT_IS_LOADED,
      MOORAGE_METRICS_LISTEN: `127.0.0.1:${await freePort()}`,
      OTEL_EXPORTER_OTLP_ENDPOINT: "http://127.0.0.1:1",
    });
    try {
      assert.match(server.log, /loaded prom-client/);
      assert.match(server.log, /loaded @opentelemetry/);
    } finally {
      await server.stop();
    }
  });
});

describe("a server whose collector does not answer", () => {
  it("answers all the same, says so, and stops in time", async () => {
    const { server, client } = await startRegistry({
      MOORAGE_WORKERS: "1",
      OTEL_EXPORTER_OTLP_ENDPOINT: `http://127.0.0.1:${await freePort()}`,
    });
    try {
      await client.pushImage("app", "1");
      for (let round = 0; round < 50; round++) {
        assertStatus(await client.ask("HEAD", "app", "manifests/1"), 200);
      }
      await eventually("the log to tell", async () =>
        server.log.includes('"event":"traces-not-sent"') ? true : undefined,
      );
      assert.equal(await server.kill("SIGTERM"), 0);
      assert.match(server.log, /"event":"stopped"/);
    } finally {
      await server.stop();
    }
  });
});
