import { once } from "node:events";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";

/** A request as the scripted server received it. */
export interface ReceivedRequest {
  readonly method: string;
  readonly url: string;
  readonly headers: IncomingMessage["headers"];
  readonly body: string;
}

/** What the scripted server does with a request: answers, cuts the connection, or never answers. */
export type Turn =
  | { status: number; body?: unknown; headers?: Record<string, string> }
  | "cut"
  | "silence";

/** A real HTTP server on a free port that answers as a script says. */
export interface ScriptedServer extends AsyncDisposable {
  readonly endpoint: string;
  readonly received: ReceivedRequest[];
}

/** Starts a server that asks `script` what to do with each request. */
export async function scriptedServer(
  script: (request: ReceivedRequest, turn: number) => Turn,
): Promise<ScriptedServer> {
  const received: ReceivedRequest[] = [];
  const answer = async (incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> => {
    const chunks: Buffer[] = [];
    for await (const chunk of incoming) chunks.push(Buffer.from(chunk));
    const { method = "", url = "", headers } = incoming;
    const request = { method, url, headers, body: Buffer.concat(chunks).toString() };
    received.push(request);
    play(script(request, received.length), outgoing);
  };
  const server = createServer((incoming, outgoing) => {
    answer(incoming, outgoing).catch((error: Error) => outgoing.destroy(error));
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("no port");
  return {
    endpoint: `http://127.0.0.1:${address.port}`,
    received,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      server.close();
      await once(server, "close");
    },
  };
}

function play(turn: Turn, outgoing: ServerResponse): void {
  if (turn === "silence") return;
  if (turn === "cut") {
    outgoing.destroy();
    return;
  }
  outgoing.writeHead(turn.status, { "content-type": "application/json", ...turn.headers });
  if (turn.body === undefined) outgoing.end();
  else outgoing.end(typeof turn.body === "string" ? turn.body : JSON.stringify(turn.body));
}
