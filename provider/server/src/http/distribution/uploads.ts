import type { Target } from "../../app/admit.ts";
import { appendUpload, type Chunk } from "../../app/append-upload.ts";
import { cancelUpload } from "../../app/cancel-upload.ts";
import { findUpload } from "../../app/find-upload.ts";
import { finishUpload } from "../../app/finish-upload.ts";
import { mountBlob } from "../../app/mount-blob.ts";
import { pushBlob } from "../../app/push-blob.ts";
import { startUpload } from "../../app/start-upload.ts";
import { type Digest, isDigest, parseDigest } from "../../domain/digest.ts";
import { RegistryError } from "../../domain/errors.ts";
import type { UploadSession } from "../../domain/upload-session.ts";
import { parseContentRange } from "../wire/byte-range.ts";
import { targetOf } from "../wire/registry-address.ts";
import { announcedBytes, answer, bodyOf, type Exchange, pathOf } from "./exchange.ts";

/** `POST /v2/<name>/blobs/uploads/`: mount, upload in one request, or start of a session (distribution-spec 1.1, "Pushing blobs"). */
export async function postUpload(exchange: Exchange): Promise<void> {
  const { context, principal, target, query } = exchange;
  const mount = query.get("mount");
  if (mount !== null && isDigest(mount)) {
    const from = query.get("from");
    const source = from === null ? undefined : sourceOf(exchange, from);
    if (await mountBlob(context, principal, target, source, mount)) {
      answerCreated(exchange, mount);
      return;
    }
  }
  const digest = query.get("digest");
  const expected = digest === null ? undefined : parseDigest(digest);
  if (expected === undefined) {
    answerSession(exchange, 202, await startUpload(context, principal, target));
    return;
  }
  await pushBlob(context, principal, target, expected, chunkOf(exchange));
  answerCreated(exchange, expected);
}

/** `PATCH /v2/<name>/blobs/uploads/<id>` (distribution-spec 1.1, "Pushing a blob in chunks"). */
export async function patchUpload(exchange: Exchange, uploadId: string): Promise<void> {
  const { context, principal, target } = exchange;
  const chunk = chunkOf(exchange);
  answerSession(exchange, 202, await appendUpload(context, principal, target, uploadId, chunk));
}

/** `PUT /v2/<name>/blobs/uploads/<id>?digest=` (distribution-spec 1.1, "POST then PUT", "Pushing a blob in chunks"). */
export async function putUpload(exchange: Exchange, uploadId: string): Promise<void> {
  const { context, principal, target, query } = exchange;
  const digest = parseDigest(query.get("digest") ?? "");
  await finishUpload(context, principal, target, uploadId, digest, chunkOf(exchange));
  answerCreated(exchange, digest);
}

/** `GET /v2/<name>/blobs/uploads/<id>` (distribution-spec 1.1, "Pushing a blob in chunks"). */
export async function getUpload(exchange: Exchange, uploadId: string): Promise<void> {
  const { context, principal, target } = exchange;
  const { session } = await findUpload(context, principal, target, uploadId);
  answerSession(exchange, 204, session);
}

/** `DELETE /v2/<name>/blobs/uploads/<id>` (Docker Registry HTTP API v2, "Canceling an Upload"). */
export async function deleteUpload(exchange: Exchange, uploadId: string): Promise<void> {
  const { context, principal, target } = exchange;
  await cancelUpload(context, principal, target, uploadId);
  answer(exchange, 204, {});
}

/**
 * The repository that a mount names: spelled as in an image reference on this host; crane and others leave a path-addressed registry's
 * name out when source and destination share it.
 */
function sourceOf({ address, target }: Exchange, from: string): Target {
  const source = targetOf(address, from);
  return source.registry === target.registry
    ? source
    : { registry: target.registry, repository: from };
}

function chunkOf(exchange: Exchange): Chunk {
  const range = parseContentRange(exchange.request.headers["content-range"]);
  const announced = announcedBytes(exchange);
  if (range === undefined) {
    return { start: undefined, bytes: announced, body: bodyOf(exchange) };
  }
  const bytes = range.end - range.start;
  if (announced !== undefined && announced !== bytes) {
    throw new RegistryError("upload-size-mismatch", { expected: bytes, actual: announced });
  }
  return { start: range.start, bytes, body: bodyOf(exchange) };
}

function answerSession(
  exchange: Exchange,
  status: number,
  { id, offset }: Pick<UploadSession, "id" | "offset">,
): void {
  answer(exchange, status, {
    Location: pathOf(exchange, `blobs/uploads/${id}`),
    Range: uploadRange(offset),
    "Docker-Upload-UUID": id,
  });
}

/** The bytes that an upload has; an empty one is spelled like one of a single byte, as clients expect. */
export function uploadRange(offset: number): string {
  return `0-${Math.max(offset - 1, 0)}`;
}

function answerCreated(exchange: Exchange, digest: Digest): void {
  answer(exchange, 201, {
    Location: pathOf(exchange, `blobs/${digest}`),
    "Docker-Content-Digest": digest,
  });
}
