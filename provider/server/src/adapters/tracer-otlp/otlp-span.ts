import { type Span as ApiSpan, SpanStatusCode } from "@opentelemetry/api";
import type { Span, SpanAttributes, SpanIds } from "../../ports/tracer.ts";

export class OtlpSpan implements Span {
  readonly ids: SpanIds;
  readonly #span: ApiSpan;
  readonly #run: <T>(work: () => T) => T;

  constructor(span: ApiSpan, ids: SpanIds, run: <T>(work: () => T) => T) {
    this.#span = span;
    this.ids = ids;
    this.#run = run;
  }

  around<T>(work: () => T): T {
    return this.#run(work);
  }

  rename(name: string): void {
    this.#span.updateName(name);
  }

  set(attributes: SpanAttributes): void {
    this.#span.setAttributes({ ...attributes });
  }

  fail(kind: string): void {
    this.#span.setAttribute("error.type", kind);
    this.#span.setStatus({ code: SpanStatusCode.ERROR });
  }

  end(): void {
    this.#span.end();
  }
}
