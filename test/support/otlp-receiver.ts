import { once } from "node:events";
import { createServer, type IncomingMessage, type Server } from "node:http";
import { text } from "node:stream/consumers";

/** A span as it arrived (OpenTelemetry Protocol 1.x, JSON). */
export interface ReceivedSpan {
  readonly name: string;
  readonly traceId: string;
  readonly spanId: string;
  readonly parentSpanId: string | undefined;
  readonly kind: number;
  readonly isFailed: boolean;
  readonly attributes: Readonly<Record<string, string | number | undefined>>;
}

interface WireSpan {
  readonly name: string;
  readonly traceId: string;
  readonly spanId: string;
  readonly parentSpanId?: string;
  readonly kind: number;
  readonly status?: { readonly code?: number };
  readonly attributes?: readonly WireAttribute[];
}

interface WireAttribute {
  readonly key: string;
  readonly value: { readonly stringValue?: string; readonly intValue?: number | string };
}

interface WireRequest {
  readonly resourceSpans: readonly {
    readonly resource: { readonly attributes: readonly WireAttribute[] };
    readonly scopeSpans: readonly { readonly spans: readonly WireSpan[] }[];
  }[];
}

const STATUS_ERROR = 2;

/** A collector of traces, on a real socket. */
export class OtlpReceiver {
  readonly spans: ReceivedSpan[] = [];
  readonly services = new Set<string>();
  readonly headers: IncomingMessage["headers"][] = [];
  /** Everything that arrived, as it arrived. */
  raw = "";
  readonly #server: Server;

  private constructor(server: Server) {
    this.#server = server;
  }

  static async start(): Promise<OtlpReceiver> {
    const server = createServer();
    const receiver = new OtlpReceiver(server);
    server.on("request", (request, response) => {
      receiver.#take(request).then(
        () => response.writeHead(200, { "content-type": "application/json" }).end("{}"),
        (error: Error) => response.destroy(error),
      );
    });
    server.listen(0, "127.0.0.1");
    await once(server, "listening");
    return receiver;
  }

  get endpoint(): string {
    const address = this.#server.address();
    return `http://127.0.0.1:${typeof address === "object" ? address?.port : ""}`;
  }

  trace(traceId: string): readonly ReceivedSpan[] {
    return this.spans.filter((span) => span.traceId === traceId);
  }

  async stop(): Promise<void> {
    const closed = once(this.#server, "close");
    this.#server.close();
    this.#server.closeAllConnections();
    await closed;
  }

  async #take(request: IncomingMessage): Promise<void> {
    const body = await text(request);
    if (request.method !== "POST" || request.url !== "/v1/traces") {
      throw new Error(`${request.method} ${request.url} is not how spans come`);
    }
    this.raw += body;
    this.headers.push(request.headers);
    const { resourceSpans } = JSON.parse(body) as WireRequest;
    for (const { resource, scopeSpans } of resourceSpans) {
      this.services.add(String(valuesOf(resource.attributes)["service.name"]));
      this.spans.push(...scopeSpans.flatMap(({ spans }) => spans.map(received)));
    }
  }
}

function received({ status, attributes, parentSpanId, ...span }: WireSpan): ReceivedSpan {
  return {
    ...span,
    parentSpanId: parentSpanId === "" ? undefined : parentSpanId,
    isFailed: status?.code === STATUS_ERROR,
    attributes: valuesOf(attributes ?? []),
  };
}

function valuesOf(attributes: readonly WireAttribute[]): ReceivedSpan["attributes"] {
  return Object.fromEntries(
    attributes.map(({ key, value }) => [
      key,
      value.stringValue ?? (value.intValue === undefined ? undefined : Number(value.intValue)),
    ]),
  );
}
