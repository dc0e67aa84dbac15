import { AsyncLocalStorage } from "node:async_hooks";
import {
  type Tracer as ApiTracer,
  type Context,
  defaultTextMapGetter,
  defaultTextMapSetter,
  ROOT_CONTEXT,
  type SpanContext,
  SpanKind,
  TraceFlags,
  trace,
} from "@opentelemetry/api";
import { W3CTraceContextPropagator } from "@opentelemetry/core";
import { OTLPTraceExporter } from "@opentelemetry/exporter-trace-otlp-http";
import { resourceFromAttributes } from "@opentelemetry/resources";
import { BatchSpanProcessor, TracerProvider } from "@opentelemetry/sdk-trace";
import { type AtOnce, goOn } from "../../domain/at-once.ts";
import { RegistryError } from "../../domain/errors.ts";
import {
  SPAN_ATTRIBUTE_LENGTH_MAX,
  SPANS_PER_EXPORT_MAX,
  SPANS_WAITING_MAX,
  TRACE_EXPORT_EVERY_MILLISECONDS,
  TRACE_EXPORT_MILLISECONDS_MAX,
  TRACE_FLUSH_MILLISECONDS_MAX,
} from "../../domain/limits.ts";
import type { EventSink } from "../../ports/event-sink.ts";
import type { ParentHeaders, Span, SpanAttributes, SpanIds, Tracer } from "../../ports/tracer.ts";
import { OtlpSpan } from "./otlp-span.ts";
import { type SamplerName, samplerOf } from "./samplers.ts";
import { ToldFailures } from "./told-failures.ts";

export interface OtlpTracerOptions {
  /** Where spans go by POST. */
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly serviceName: string;
  /** Tells this worker from the others. */
  readonly instance: string;
  readonly sampler: SamplerName;
  readonly samplerRatio: number;
  readonly events: EventSink;
}

const propagator = new W3CTraceContextPropagator();

/**
 * Sends spans to a collector by OTLP over HTTP, in JSON, in batches, behind the requests' backs. A collector that does not answer costs a
 * bounded queue, and the spans that find no room in it.
 */
export class OtlpTracer implements Tracer {
  readonly #provider: TracerProvider;
  readonly #tracer: ApiTracer;
  readonly #around = new AsyncLocalStorage<Context>();

  constructor({ url, headers, serviceName, instance, events, ...sampling }: OtlpTracerOptions) {
    const exporter = new OTLPTraceExporter({
      url,
      headers: { ...headers },
      timeoutMillis: TRACE_EXPORT_MILLISECONDS_MAX,
      concurrencyLimit: 2,
    });
    this.#provider = new TracerProvider({
      resource: resourceFromAttributes({
        "service.name": serviceName,
        "service.instance.id": instance,
      }),
      sampler: samplerOf(sampling.sampler, sampling.samplerRatio),
      spanLimits: { attributeValueLengthLimit: SPAN_ATTRIBUTE_LENGTH_MAX },
      spanProcessors: [
        new BatchSpanProcessor({
          exporter: new ToldFailures(exporter, { events }),
          maxQueueSize: SPANS_WAITING_MAX,
          maxExportBatchSize: SPANS_PER_EXPORT_MAX,
          scheduledDelayMillis: TRACE_EXPORT_EVERY_MILLISECONDS,
          exportTimeoutMillis: TRACE_EXPORT_MILLISECONDS_MAX,
        }),
      ],
    });
    this.#tracer = this.#provider.getTracer("moorage");
  }

  begin(
    name: string,
    kind: "server" | "internal",
    attributes: SpanAttributes,
    parent: ParentHeaders = {},
  ): Span {
    const above = propagator.extract(ROOT_CONTEXT, { ...parent }, defaultTextMapGetter);
    const spanKind = kind === "server" ? SpanKind.SERVER : SpanKind.INTERNAL;
    return this.#begin(name, spanKind, attributes, above);
  }

  beginWithin(name: string, attributes: SpanAttributes): Span | undefined {
    const above = this.#around.getStore();
    return above && this.#begin(name, SpanKind.INTERNAL, attributes, above);
  }

  within<T>(
    name: string,
    attributes: SpanAttributes,
    work: (span: Span | undefined) => AtOnce<T>,
  ): AtOnce<T> {
    const span = this.beginWithin(name, attributes);
    if (span === undefined) {
      return work(undefined);
    }
    const failed = (error: unknown): never => {
      noteFailure(span, error);
      span.end();
      throw error;
    };
    const ended = (value: T) => {
      span.end();
      return value;
    };
    let result: AtOnce<T>;
    try {
      result = span.around(() => work(span));
    } catch (error) {
      return failed(error);
    }
    return result instanceof Promise ? result.then(ended, failed) : goOn(result, ended);
  }

  current(): SpanIds | undefined {
    const context = this.#around.getStore();
    const span = context && trace.getSpanContext(context);
    return span && idsOf(span);
  }

  headers(): Readonly<Record<string, string>> {
    const headers: Record<string, string> = {};
    const context = this.#around.getStore();
    if (context !== undefined) {
      propagator.inject(context, headers, defaultTextMapSetter);
    }
    return headers;
  }

  async close(): Promise<void> {
    const { promise: late, resolve } = Promise.withResolvers<void>();
    const timer = setTimeout(resolve, TRACE_FLUSH_MILLISECONDS_MAX);
    // What could not be sent was told of.
    await Promise.race([this.#provider.shutdown().catch(() => {}), late]);
    clearTimeout(timer);
  }

  #begin(name: string, kind: SpanKind, attributes: SpanAttributes, above: Context): OtlpSpan {
    const span = this.#tracer.startSpan(name, { kind, attributes: { ...attributes } }, above);
    const context = trace.setSpan(above, span);
    return new OtlpSpan(span, idsOf(span.spanContext()), (work) => this.#around.run(context, work));
  }
}

/** A refusal is how things should go; whatever else is thrown is a fault. Messages may hold what no span may. */
function noteFailure(span: Span, error: unknown): void {
  if (error instanceof RegistryError) {
    span.set({ "error.type": error.reason });
  } else {
    span.fail(error instanceof Error ? error.name : "unknown");
  }
}

function idsOf({ traceId, spanId, traceFlags }: SpanContext): SpanIds {
  return { traceId, spanId, isSampled: (traceFlags & TraceFlags.SAMPLED) !== 0 };
}
