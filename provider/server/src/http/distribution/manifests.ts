import { deleteManifest } from "../../app/delete-manifest.ts";
import { pullManifest, type ReadableManifest } from "../../app/pull-manifest.ts";
import { pushManifest } from "../../app/push-manifest.ts";
import { type AtOnce, goOn } from "../../domain/at-once.ts";
import { RegistryError } from "../../domain/errors.ts";
import { MANIFEST_BYTES_MAX } from "../../domain/limits.ts";
import {
  announcedBytes,
  answer,
  bodyOf,
  callerOf,
  type Exchange,
  isUnchanged,
  pathOf,
} from "./exchange.ts";

/** `GET` and `HEAD /v2/<name>/manifests/<reference>` (distribution-spec 1.1, "Pulling manifests"). */
export function getManifest(exchange: Exchange, reference: string): AtOnce<void> {
  const { context, principal, target, request } = exchange;
  const use = request.method === "HEAD" ? "check" : "read";
  return goOn(pullManifest(context, principal, target, reference, use), (manifest) =>
    sendManifest(exchange, manifest),
  );
}

function sendManifest(exchange: Exchange, manifest: ReadableManifest): AtOnce<void> {
  const headers = {
    "Content-Type": manifest.mediaType,
    "Docker-Content-Digest": manifest.digest,
    ETag: `"${manifest.digest}"`,
  };
  if (isUnchanged(exchange, manifest.digest)) {
    answer(exchange, 304, headers);
    return;
  }
  if (exchange.request.method === "HEAD") {
    answer(exchange, 200, { ...headers, "Content-Length": manifest.size });
    return;
  }
  return goOn(manifest.read(), (bytes) => answer(exchange, 200, headers, bytes));
}

/** `PUT /v2/<name>/manifests/<reference>` (distribution-spec 1.1, "Pushing Manifests"). */
export async function putManifest(exchange: Exchange, reference: string): Promise<void> {
  const { context, target, request, query } = exchange;
  const contentType = request.headers["content-type"]?.split(";")[0]?.trim().toLowerCase();
  const bytes = await readManifest(exchange);
  const { digest, subject, tags } = await pushManifest(context, callerOf(exchange), target, {
    reference,
    tags: query.getAll("tag"),
    contentType,
    bytes,
  });
  answer(exchange, 201, {
    Location: pathOf(exchange, `manifests/${digest}`),
    "Docker-Content-Digest": digest,
    ...(subject && { "OCI-Subject": subject }),
    ...(query.has("tag") && { "OCI-Tag": tags.join(", ") }),
  });
}

/** `DELETE /v2/<name>/manifests/<reference>` (distribution-spec 1.1, "Deleting tags", "Deleting manifests"). */
export async function removeManifest(exchange: Exchange, reference: string): Promise<void> {
  await deleteManifest(exchange.context, callerOf(exchange), exchange.target, reference);
  answer(exchange, 202, {});
}

/** The whole body, unless it is longer than any manifest may be. */
async function readManifest(exchange: Exchange): Promise<Uint8Array> {
  const announced = announcedBytes(exchange);
  if (announced !== undefined && announced > MANIFEST_BYTES_MAX) {
    throw new RegistryError("manifest-too-large", { bytesMax: MANIFEST_BYTES_MAX });
  }
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of bodyOf(exchange)) {
    bytes += chunk.byteLength;
    if (bytes > MANIFEST_BYTES_MAX) {
      throw new RegistryError("manifest-too-large", { bytesMax: MANIFEST_BYTES_MAX });
    }
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}
