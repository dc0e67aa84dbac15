import type { AtOnce } from "../domain/at-once.ts";

/** What a span tells besides its name. Never a credential, a query, a value of a query to the database, or content. */
export type SpanAttributes = Readonly<Record<string, string | number | undefined>>;

/** Where a span belongs, as logs and headers name it. */
export interface SpanIds {
  readonly traceId: string;
  readonly spanId: string;
  /** Whether somebody collects it. */
  readonly isSampled: boolean;
}

/**
 * Tells whoever collects traces where time goes: spans within spans. Absent where nobody does, and then nothing of the server is wrapped in one.
 * It never fails, never waits, and never lets what it tells grow without bound: what nobody takes is dropped.
 */
export interface Tracer {
  /**
   * Begins a span that nothing of this server is around: of a request, below the span that its `traceparent` header names, or of a job.
   * `server`: somebody else waits for it.
   */
  begin(
    name: string,
    kind: "server" | "internal",
    attributes: SpanAttributes,
    parent?: ParentHeaders,
  ): Span;

  /** Begins a span below the one that is around; the caller ends it. `undefined`: none is around. */
  beginWithin(name: string, attributes: SpanAttributes): Span | undefined;

  /** Runs work with a span of its own around it, below the one that is around. Where none is, it just runs. */
  within<T>(
    name: string,
    attributes: SpanAttributes,
    work: (span: Span | undefined) => AtOnce<T>,
  ): AtOnce<T>;

  /** The span that is around what runs now. */
  current(): SpanIds | undefined;

  /** Headers that tell another server of the span that is around. */
  headers(): Readonly<Record<string, string>>;

  /** Hands over what waits, for seconds at most. */
  close(): Promise<void>;
}

/** See W3C Trace Context. */
export interface ParentHeaders {
  readonly traceparent?: string | undefined;
  readonly tracestate?: string | undefined;
}

export interface Span {
  readonly ids: SpanIds;
  /** Runs work with this span around it, whatever comes of it later included. */
  around<T>(work: () => T): T;
  rename(name: string): void;
  set(attributes: SpanAttributes): void;
  /** Marks it as failed by a fault of ours; only what kind of error it was is told. */
  fail(kind: string): void;
  end(): void;
}
