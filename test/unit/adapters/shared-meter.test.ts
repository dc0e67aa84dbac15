import assert from "node:assert/strict";
import { Worker } from "node:worker_threads";
import { Exposition } from "../../../provider/server/src/adapters/meter-shared/exposition.ts";
import { SharedMeter } from "../../../provider/server/src/adapters/meter-shared/shared-meter.ts";
import {
  METRIC_PAGE_BYTES,
  METRIC_PAGE_SLOTS_MAX,
} from "../../../provider/server/src/domain/limits.ts";
import { samplesIn, sumOf } from "../../support/prometheus-text.ts";

describe("counting in shared memory", () => {
  const makePage = () => new SharedArrayBuffer(METRIC_PAGE_BYTES);
  const scrape = async (...pages: SharedArrayBuffer[]) =>
    samplesIn(await (await Exposition.of(pages)).text());

  const hits = { cache: "manifests", result: "hit" };
  const LOOKUPS = "moorage_cache_lookups_total";

  it("adds up what all pages have, series by series", async () => {
    const pages = [makePage(), makePage()];
    for (const [index, page] of pages.entries()) {
      const meter = new SharedMeter(page);
      meter.counter(LOOKUPS, hits).add(10 ** index);
      meter.counter(LOOKUPS, { cache: "blobs", result: "miss" }).add();
    }
    const samples = await scrape(...pages);
    assert.equal(sumOf(samples, LOOKUPS, hits), 11);
    assert.equal(sumOf(samples, LOOKUPS, { cache: "blobs" }), 2);
  });

  it("hands out the same series whenever it is asked for", async () => {
    const page = makePage();
    const meter = new SharedMeter(page);
    meter.counter(LOOKUPS, { result: "hit", cache: "manifests" }).add();
    meter.counter(LOOKUPS, hits).add();
    assert.equal(sumOf(await scrape(page), LOOKUPS, hits), 2);
  });

  it("goes on counting where a worker that died stopped, with nothing under way", async () => {
    const page = makePage();
    const first = new SharedMeter(page);
    first.counter(LOOKUPS, hits).add(5);
    first.gauge("moorage_http_requests_in_flight", {}).add(3);
    first.histogram("moorage_database_transactions_per_commit", {}).observe(7);
    const second = new SharedMeter(page);
    second.counter(LOOKUPS, hits).add(1);
    second.gauge("moorage_http_requests_in_flight", {}).add(1);
    second.histogram("moorage_database_transactions_per_commit", {}).observe(1000);
    const samples = await scrape(page);
    assert.equal(sumOf(samples, LOOKUPS, hits), 6);
    assert.equal(sumOf(samples, "moorage_http_requests_in_flight"), 1);
    const name = "moorage_database_transactions_per_commit";
    assert.equal(sumOf(samples, `${name}_sum`), 1007);
    assert.equal(sumOf(samples, `${name}_count`), 2);
    const within = (le: string) => sumOf(samples, `${name}_bucket`, { le });
    assert.deepEqual(["4", "8", "256", "+Inf"].map(within), [0, 1, 1, 2]);
  });

  it("has a value at a bucket's end in that bucket", async () => {
    const page = makePage();
    new SharedMeter(page).histogram("moorage_database_transactions_per_commit", {}).observe(8);
    const samples = await scrape(page);
    const within = (le: string) =>
      sumOf(samples, "moorage_database_transactions_per_commit_bucket", { le });
    assert.deepEqual(["4", "8"].map(within), [0, 1]);
  });

  it("drops series that find no room, and says how many", async () => {
    const page = makePage();
    const meter = new SharedMeter(page);
    const more = 7;
    for (let index = 0; index < METRIC_PAGE_SLOTS_MAX + more; index++) {
      meter.counter("moorage_http_refusals_total", { reason: `r${index}` }).add();
    }
    const samples = await scrape(page);
    const kept = sumOf(samples, "moorage_http_refusals_total");
    const dropped = sumOf(samples, "moorage_metrics_series_dropped_total");
    assert.equal(kept + dropped, METRIC_PAGE_SLOTS_MAX + more);
    assert.ok(dropped >= more);
  });

  it("shows one thread what another one counts", async () => {
    const page = makePage();
    const module = new URL(
      "../../../provider/server/src/adapters/meter-shared/shared-meter.ts",
      import.meta.url,
    );
    const program = `
      import { workerData } from "node:worker_threads";
      const { SharedMeter } = await import(workerData.module);
      const counter = new SharedMeter(workerData.page).counter(
        "moorage_cache_lookups_total", { cache: "manifests", result: "hit" });
      for (let index = 0; index < 1000; index++) { counter.add(); }`;
    const worker = new Worker(new URL(`data:text/javascript,${encodeURIComponent(program)}`), {
      workerData: { page, module: module.href },
    });
    await new Promise((resolve, reject) => worker.once("error", reject).once("exit", resolve));
    assert.equal(sumOf(await scrape(page), LOOKUPS, hits), 1000);
  });

  it("measures the process as Prometheus' own clients do", async () => {
    const samples = await scrape(makePage());
    for (const name of ["process_cpu_seconds_total", "process_resident_memory_bytes"]) {
      assert.ok(sumOf(samples, name) > 0, name);
    }
  });
});
