import { once } from "node:events";
import { deleteBlob } from "../../app/delete-blob.ts";
import { pullBlob, type ReadableBlob } from "../../app/pull-blob.ts";
import { giveBack } from "../../domain/give-back.ts";
import { BLOB_BYTES_IN_FLIGHT_MAX, BLOB_READERS_FAR_AHEAD_MAX } from "../../domain/limits.ts";
import { type ByteRange, parseRange } from "../wire/byte-range.ts";
import { answer, callerOf, type Exchange, isUnchanged, openAnswer } from "./exchange.ts";

/** `GET` and `HEAD /v2/<name>/blobs/<digest>` (distribution-spec 1.1, "Pulling blobs", "Checking if content exists"). */
export async function getBlob(exchange: Exchange, reference: string): Promise<void> {
  const { context, principal, target, request } = exchange;
  const use = request.method === "HEAD" ? "check" : "read";
  const blob = await pullBlob(context, principal, target, reference, use);
  const fixed = {
    "Docker-Content-Digest": blob.digest,
    ETag: `"${blob.digest}"`,
    "Accept-Ranges": "bytes",
  };
  if (isUnchanged(exchange, blob.digest)) {
    answer(exchange, 304, fixed);
    return;
  }
  const range = request.method === "GET" ? rangeOf(exchange, blob) : undefined;
  const { start, end } = range ?? { start: 0, end: blob.size };
  const headers = {
    ...fixed,
    "Content-Type": "application/octet-stream",
    "Content-Length": end - start,
    ...(range && { "Content-Range": `bytes ${start}-${end - 1}/${blob.size}` }),
  };
  const status = range ? 206 : 200;
  if (request.method === "HEAD" || start === end) {
    answer(exchange, status, headers);
    return;
  }
  await sendBlob(exchange, blob, { start, end }, () => openAnswer(exchange, status, headers));
}

/** `DELETE /v2/<name>/blobs/<digest>` (distribution-spec 1.1, "Deleting Blobs"). */
export async function removeBlob(exchange: Exchange, reference: string): Promise<void> {
  await deleteBlob(exchange.context, callerOf(exchange), exchange.target, reference);
  answer(exchange, 202, {});
}

/** A range is served only of the version that the client means (RFC 9110, "If-Range"). */
function rangeOf({ request }: Exchange, blob: ReadableBlob): ByteRange | undefined {
  const condition = request.headers["if-range"];
  const isCurrent = condition === undefined || condition === `"${blob.digest}"`;
  return isCurrent ? parseRange(request.headers.range, blob.size) : undefined;
}

/** Of this worker. */
let bodiesUnderWay = 0;

/**
 * Sends a blob's bytes as the client takes them, and gives their memory back as soon as they are on their way. The headers wait for the
 * first block: damage found there is still an honest 500. Damage found later cuts the connection, so that the client sees too few bytes,
 * never wrong ones.
 */
async function sendBlob(
  { context, request, reply }: Exchange,
  blob: ReadableBlob,
  range: ByteRange,
  open: () => void,
): Promise<void> {
  const response = reply.raw;
  const gone = new AbortController();
  response.once("close", () => gone.abort());
  let inFlight = 0;
  bodiesUnderWay++;
  try {
    for await (const block of blob.read(range, gone.signal)) {
      if (!response.headersSent) {
        open();
      }
      const { byteLength } = block;
      inFlight += byteLength;
      response.write(block, () => {
        inFlight -= byteLength;
        giveBack(block);
      });
      const isOneOfFew = bodiesUnderWay <= BLOB_READERS_FAR_AHEAD_MAX;
      if ((!isOneOfFew || inFlight > BLOB_BYTES_IN_FLIGHT_MAX) && response.writableNeedDrain) {
        await once(response, "drain", { signal: gone.signal });
      }
    }
    response.end();
  } catch (error) {
    const told = gone.signal.aborted ? error : await blob.explain(error);
    if (!gone.signal.aborted) {
      context.events.error("blob-read-failed", error, {
        requestId: request.id,
        digest: blob.digest,
      });
    }
    if (!response.headersSent && !gone.signal.aborted) {
      throw told;
    }
    response.destroy();
  } finally {
    bodiesUnderWay--;
  }
}
