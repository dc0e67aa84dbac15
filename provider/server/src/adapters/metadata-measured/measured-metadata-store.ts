import { replacing } from "../../domain/replacing.ts";
import type { CollectionStore } from "../../ports/collection-store.ts";
import type { GarbageIndex } from "../../ports/garbage-index.ts";
import type { MetadataStore } from "../../ports/metadata-store.ts";
import type { Meter } from "../../ports/meter.ts";

/** A metadata store that counts what garbage collections do to it. */
export function measureMetadata(inner: MetadataStore, meter: Meter): MetadataStore {
  return replacing(inner, {
    garbage: measureGarbage(inner.garbage, meter),
    collections: measureCollections(inner.collections, meter),
  });
}

function measureGarbage(garbage: GarbageIndex, meter: Meter): GarbageIndex {
  const blobs = meter.counter("moorage_garbage_collection_freed_blobs_total", {});
  const bytes = meter.counter("moorage_garbage_collection_freed_bytes_total", {});
  return replacing(garbage, {
    async mark(...args) {
      const marked = await garbage.mark(...args);
      blobs.add(marked.blobs);
      bytes.add(marked.bytes);
      return marked;
    },
  });
}

function measureCollections(collections: CollectionStore, meter: Meter): CollectionStore {
  const runs = {
    succeeded: meter.counter("moorage_garbage_collection_runs_total", { outcome: "succeeded" }),
    failed: meter.counter("moorage_garbage_collection_runs_total", { outcome: "failed" }),
  };
  const at = meter.gauge("moorage_garbage_collection_last_run_timestamp_seconds", {});
  const duration = meter.gauge("moorage_garbage_collection_last_run_duration_seconds", {});
  return replacing(collections, {
    async finish(run, phase, now, counted) {
      await collections.finish(run, phase, now, counted);
      if (!run.isDryRun) {
        runs[phase].add();
        at.set(now / 1000);
        duration.set((now - run.startedAt) / 1000);
      }
    },
  });
}
