// Loaded by `--import` into servers that tests start in processes of their own, workers included: writes down every answer of the
// management API, whoever asked, for the tests' process to hold it to the OpenAPI description.
import { subscribe } from "node:diagnostics_channel";
import { appendFileSync } from "node:fs";
import { join } from "node:path";
import { threadId } from "node:worker_threads";

const FILE = join(process.env["SENT_ANSWERS_FOLDER"] ?? "", `${process.pid}-${threadId}.jsonl`);
const ELSEWHERE = /^\/(?:v2|token|metrics)(?:[/?]|$)/;

subscribe("http.server.request.start", ({ request, response }) => {
  const { method, url: path } = request;
  if (ELSEWHERE.test(path) || isOfRegistry(request.socket.localPort)) {
    return;
  }
  const chunks = [];
  for (const name of ["write", "end"]) {
    const send = response[name];
    response[name] = function sending(...given) {
      const [chunk, encoding] = given;
      if (typeof chunk === "string") {
        chunks.push(Buffer.from(chunk, typeof encoding === "string" ? encoding : "utf8"));
      } else if (chunk instanceof Uint8Array) {
        chunks.push(Buffer.from(chunk));
      }
      return send.apply(this, given);
    };
  }
  response.once("finish", () => {
    const headers = headersIn(response._header);
    const body = Buffer.concat(chunks).toString("base64");
    const answer = { method, path, status: response.statusCode, headers, body };
    writeDown(answer);
  });
});

/** On a registry's own port there is no management API. */
function isOfRegistry(port) {
  const [from, to] = (process.env["MOORAGE_REGISTRY_PORTS"] ?? "").split("-").map(Number);
  return from <= port && port <= to;
}

function writeDown(answer) {
  try {
    appendFileSync(FILE, `${JSON.stringify(answer)}\n`);
  } catch (error) {
    // The tests have ended, and took the folder along: nobody reads it any more.
    if (error.code !== "ENOENT") {
      throw error;
    }
  }
}

/** As they were sent: `getHeaders` does not know those that were given to `writeHead` alone. */
function headersIn(head) {
  const lines = head.trimEnd().split("\r\n").slice(1);
  return Object.fromEntries(
    lines.map((line) => {
      const colon = line.indexOf(":");
      return [line.slice(0, colon).toLowerCase(), line.slice(colon + 1).trim()];
    }),
  );
}
