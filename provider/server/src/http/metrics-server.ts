import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import { REQUEST_HEADER_BYTES_MAX, REQUEST_IDLE_MILLISECONDS_MAX } from "../domain/limits.ts";

interface MetricsSource {
  readonly contentType: string;
  text(): Promise<string>;
}

/**
 * `GET /metrics`, and nothing else: a listener apart from those of clients, without the framework, so that it answers also in the thread that
 * serves no requests.
 */
export function createMetricsServer(source: MetricsSource): Server {
  const options = {
    maxHeaderSize: REQUEST_HEADER_BYTES_MAX,
    requestTimeout: REQUEST_IDLE_MILLISECONDS_MAX,
  };
  return createServer(options, (request, response) => {
    answer(source, request, response).catch(() => {
      if (!response.headersSent) {
        say(response, 500, "the metrics could not be read\n");
      }
    });
  });
}

async function answer(
  source: MetricsSource,
  { method = "", url = "" }: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  if (url.split("?")[0] !== "/metrics") {
    say(response, 404, "only /metrics is here\n");
  } else if (method !== "GET" && method !== "HEAD") {
    response.setHeader("Allow", "GET, HEAD");
    say(response, 405, `${method} is not supported; GET is\n`);
  } else {
    const text = await source.text();
    say(response, 200, method === "HEAD" ? "" : text, source.contentType);
  }
}

function say(
  response: ServerResponse,
  status: number,
  text: string,
  contentType = "text/plain; charset=utf-8",
): void {
  response.writeHead(status, {
    "Content-Type": contentType,
    "X-Content-Type-Options": "nosniff",
    "Cache-Control": "no-store",
  });
  response.end(text);
}
