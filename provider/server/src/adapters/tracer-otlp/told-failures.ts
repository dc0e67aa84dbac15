import { type ExportResult, ExportResultCode } from "@opentelemetry/core";
import type { ReadableSpan, SpanExporter } from "@opentelemetry/sdk-trace";
import { TRACE_FAILURE_TOLD_EVERY_MILLISECONDS } from "../../domain/limits.ts";
import type { EventSink } from "../../ports/event-sink.ts";

/** An exporter whose failures are told, now and then: a collector may be away for days. */
export class ToldFailures implements SpanExporter {
  readonly #inner: SpanExporter;
  readonly #parts: { readonly events: EventSink };
  #spans = 0;
  #toldAt = -Infinity;

  constructor(inner: SpanExporter, parts: { readonly events: EventSink }) {
    this.#inner = inner;
    this.#parts = parts;
  }

  export(spans: ReadableSpan[], done: (result: ExportResult) => void): void {
    this.#inner.export(spans, (result) => {
      if (result.code !== ExportResultCode.SUCCESS) {
        this.#tell(spans.length, result.error);
      }
      done(result);
    });
  }

  async forceFlush(): Promise<void> {
    await this.#inner.forceFlush?.();
  }

  shutdown(): Promise<void> {
    return this.#inner.shutdown();
  }

  #tell(spans: number, error: Error | undefined): void {
    this.#spans += spans;
    const now = performance.now();
    if (now - this.#toldAt >= TRACE_FAILURE_TOLD_EVERY_MILLISECONDS) {
      this.#parts.events.warn("traces-not-sent", {
        spans: this.#spans,
        problem: error?.message ?? "",
      });
      this.#toldAt = now;
      this.#spans = 0;
    }
  }
}
