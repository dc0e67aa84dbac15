import assert from "node:assert/strict";
import { factsOf, METRICS, type MetricName } from "../../../provider/server/src/domain/metrics.ts";
import { assertStatus } from "../../support/distribution-client.ts";
import { eventually } from "../../support/eventually.ts";
import { freePort } from "../../support/free-port.ts";
import { send } from "../../support/http-request.ts";
import { manage } from "../../support/management.ts";
import { type ScrapedSample, samplesIn, sumOf } from "../../support/prometheus-text.ts";
import { type RegistryUnderTest, startRegistry } from "../../support/registry-under-test.ts";

const REQUESTS = "moorage_http_requests_total";

describe("the metrics of a server with two workers", () => {
  let under: RegistryUnderTest;
  let metricsUrl: string;

  before(async () => {
    const listen = `127.0.0.1:${await freePort()}`;
    metricsUrl = `http://${listen}`;
    under = await startRegistry({ MOORAGE_WORKERS: "2", MOORAGE_METRICS_LISTEN: listen });
  });
  after(() => under.server.stop());

  async function scrape(): Promise<readonly ScrapedSample[]> {
    const answer = await fetch(`${metricsUrl}/metrics`);
    assert.equal(answer.status, 200);
    assert.match(answer.headers.get("content-type") ?? "", /^text\/plain; version=0\.0\.4/);
    return samplesIn(await answer.text());
  }

  /** A request counts a moment after its client has the answer. */
  async function whenCounted(name: string, labels: Record<string, string>, count: number) {
    return eventually(`${name} to be ${count}`, async () => {
      const samples = await scrape();
      const sum = sumOf(samples, name, labels);
      assert.ok(sum <= count, `${name}: ${sum} are more than ${count}`);
      return sum === count ? samples : undefined;
    });
  }

  it("add up to exactly what was asked, whichever worker was asked", async () => {
    const { client } = under;
    await client.pushImage("app", "1");
    const route = "/v2/{name}/manifests/{reference}";
    const heads = Array.from({ length: 60 }, () => client.ask("HEAD", "app", "manifests/1"));
    const gets = Array.from({ length: 25 }, () => client.ask("GET", "app", "manifests/1"));
    for (const answer of await Promise.all([...heads, ...gets])) {
      assertStatus(answer, 200);
    }
    assertStatus(await client.ask("GET", "app", "manifests/none"), 404);
    await whenCounted(REQUESTS, { route, method: "HEAD", status: "200" }, 60);
    await whenCounted(REQUESTS, { route, method: "GET", status: "404" }, 1);
    const samples = await whenCounted(REQUESTS, { route, method: "GET", status: "200" }, 25);
    const duration = "moorage_http_request_duration_seconds";
    assert.equal(sumOf(samples, `${duration}_count`, { route, method: "HEAD" }), 60);
    assert.equal(sumOf(samples, `${duration}_bucket`, { route, method: "HEAD", le: "+Inf" }), 60);
    assert.equal(sumOf(samples, REQUESTS, { route, method: "PUT", status: "201" }), 1);
    assert.ok(sumOf(samples, "moorage_http_sent_bytes_total", { route }) > 25 * 400);
    assert.ok(sumOf(samples, "moorage_http_received_bytes_total", { route }) > 86 * 40);
  });

  it("name routes, and nothing that a client wrote", async () => {
    const { client, server } = under;
    const marked = "very-peculiar-name";
    await client.ask("GET", marked, `manifests/${marked}`);
    await client.send("GET", `/${marked}/x`);
    await send(server.url, "PROPFIND", `/v2/${marked}/tags/list`);
    await send(server.url, "GET", `/v2/%zz/${marked}`);
    await manage(server.url, "GET", `/registries/${marked}`);
    await send(server.url, "GET", `/registries/${marked}`);
    const samples = await whenCounted(REQUESTS, { route: "/registries/{registryId}" }, 2);
    for (const { labels } of samples) {
      assert.ok(!JSON.stringify(labels).includes(marked), JSON.stringify(labels));
    }
    assert.equal(sumOf(samples, REQUESTS, { api: "management", status: "401" }), 1);
  });

  it("tell of refusals, caches, commits, jobs and of the workers themselves", async () => {
    const { server } = under;
    const authorization = `Basic ${Buffer.from("nobody@moorage.example:wrong").toString("base64")}`;
    await send(server.url, "GET", "/v2/", { headers: { authorization } });
    const samples = await whenCounted(
      "moorage_http_refusals_total",
      { reason: "credentials-invalid" },
      1,
    );
    for (const name of [
      "moorage_cache_lookups_total",
      "moorage_database_transactions_per_commit_count",
      "moorage_database_commit_duration_seconds_count",
      "process_resident_memory_bytes",
    ]) {
      assert.ok(sumOf(samples, name) > 0, name);
    }
    await eventually("a job to have run", async () => {
      const job = { job: "expire-uploads", outcome: "succeeded" };
      return sumOf(await scrape(), "moorage_job_runs_total", job) === 1 || undefined;
    });
    for (const worker of ["0", "1"]) {
      const sign = sumOf(samples, "moorage_worker_last_sign_timestamp_seconds", { worker });
      assert.ok(Math.abs(sign - Date.now() / 1000) < 600);
      assert.ok(sumOf(samples, "moorage_worker_heap_bytes", { worker }) > 1_000_000);
    }
  });

  it("are all that the reference lists, and no other", async () => {
    const text = await (await fetch(`${metricsUrl}/metrics`)).text();
    const exposed = [...text.matchAll(/^# TYPE (\S+) (\S+)$/gm)].map(([, name, kind]) => [
      name,
      kind,
    ]);
    const listed = (Object.keys(METRICS) as MetricName[]).map((name) => [name, factsOf(name).kind]);
    assert.deepEqual(exposed.sort(), listed.sort());
  });

  it("count the uploads that are open", async () => {
    const { client } = under;
    const location = await client.startUpload("app");
    await client.send("PATCH", location, { body: "x" });
    await whenCounted("moorage_uploads_open", {}, 1);
    assertStatus(await client.send("DELETE", location), 204);
    await eventually("no upload to be open", async () =>
      sumOf(await scrape(), "moorage_uploads_open") === 0 ? true : undefined,
    );
  });

  it("are at one path of an address of their own", async () => {
    const { server } = under;
    assert.equal((await fetch(`${metricsUrl}/v2/`)).status, 404);
    assert.equal((await fetch(`${metricsUrl}/metrics`, { method: "POST" })).status, 405);
    assert.equal((await fetch(`${server.url}/metrics`)).status, 404);
  });
});
