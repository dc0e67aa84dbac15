import type { Answer } from "./answer-reader.ts";
import { type Connection, expectStatus, headerOf } from "./connection.ts";
import { digestOf, type FreshBlob } from "./content.ts";
import { type Endpoint, openConnections, pathOf } from "./endpoint.ts";

export const MANIFEST_TYPE = "application/vnd.oci.image.manifest.v1+json";
const OCTETS = "Content-Type: application/octet-stream";
const ACCEPT = `Accept: ${MANIFEST_TYPE}`;

/** A push of one blob in the way of most clients: POST opens the upload, one PUT carries all. */
export async function pushBlob(
  connection: Connection,
  endpoint: Endpoint,
  repository: string,
  blob: Pick<FreshBlob, "pieces" | "digest">,
): Promise<void> {
  const location = await startUpload(connection, endpoint, repository);
  const path = withDigest(location, blob.digest);
  const answer = await connection.send({
    method: "PUT",
    path,
    headers: [OCTETS],
    body: blob.pieces,
  });
  expectStatus(answer, 201);
}

/** A push in PATCHes of `chunkBytes`, ended by an empty PUT. */
export async function pushBlobInChunks(
  connection: Connection,
  endpoint: Endpoint,
  repository: string,
  blob: FreshBlob,
  chunkBytes: number,
): Promise<void> {
  let location = await startUpload(connection, endpoint, repository);
  for (let start = 0; start < blob.bytes; start += chunkBytes) {
    const end = Math.min(start + chunkBytes, blob.bytes);
    const headers = [OCTETS, `Content-Range: ${start}-${end - 1}`];
    const body = slice(blob.pieces, start, end);
    const answer = await connection.send({ method: "PATCH", path: location, headers, body });
    location = locationOf(expectStatus(answer, 202));
  }
  const path = withDigest(location, blob.digest);
  expectStatus(await connection.send({ method: "PUT", path, body: [] }), 201);
}

async function startUpload(
  connection: Connection,
  endpoint: Endpoint,
  repository: string,
): Promise<string> {
  const path = pathOf(endpoint, repository, "blobs/uploads/");
  return locationOf(expectStatus(await connection.send({ method: "POST", path }), 202));
}

function locationOf(answer: Answer): string {
  const location = headerOf(answer, "Location") ?? "";
  return location.replace(/^https?:\/\/[^/]*/, "");
}

function withDigest(location: string, digest: string): string {
  return `${location}${location.includes("?") ? "&" : "?"}digest=${digest}`;
}

function slice(pieces: readonly Uint8Array[], start: number, end: number): Uint8Array[] {
  let at = 0;
  const slices: Uint8Array[] = [];
  for (const piece of pieces) {
    const part = piece.subarray(Math.max(0, start - at), Math.max(0, end - at));
    if (part.byteLength > 0) {
      slices.push(part);
    }
    at += piece.byteLength;
  }
  return slices;
}

/** Pushes a manifest under a tag, or under its digest; returns the digest. */
export async function pushManifest(
  connection: Connection,
  endpoint: Endpoint,
  repository: string,
  manifest: Uint8Array,
  tag?: string,
): Promise<string> {
  const digest = digestOf(manifest);
  const path = pathOf(endpoint, repository, `manifests/${tag ?? digest}`);
  const headers = [`Content-Type: ${MANIFEST_TYPE}`];
  expectStatus(await connection.send({ method: "PUT", path, headers, body: [manifest] }), 201);
  return digest;
}

export async function readManifest(
  connection: Connection,
  endpoint: Endpoint,
  repository: string,
  reference: string,
  method = "GET",
): Promise<Answer> {
  const path = pathOf(endpoint, repository, `manifests/${reference}`);
  return expectStatus(await connection.send({ method, path, headers: [ACCEPT] }), 200);
}

export async function readBlob(
  connection: Connection,
  endpoint: Endpoint,
  repository: string,
  digest: string,
): Promise<number> {
  const path = pathOf(endpoint, repository, `blobs/${digest}`);
  return expectStatus(await connection.send({ method: "GET", path }), 200).bodyBytes;
}

export interface Part {
  readonly digest: string;
  readonly bytes: number;
}

/** A manifest of an image, about 1.2 kB with five layers. */
export function manifestOf(
  config: Part,
  layers: readonly Part[],
  more: { readonly subject?: Part; readonly artifactType?: string; readonly note?: string } = {},
): Buffer {
  const layer = "application/vnd.oci.image.layer.v1.tar+gzip";
  const { subject, artifactType, note } = more;
  return Buffer.from(
    JSON.stringify({
      schemaVersion: 2,
      mediaType: MANIFEST_TYPE,
      ...(artifactType !== undefined && { artifactType }),
      config: descriptor("application/vnd.oci.image.config.v1+json", config),
      layers: layers.map((part) => descriptor(layer, part)),
      ...(subject !== undefined && { subject: descriptor(MANIFEST_TYPE, subject) }),
      ...(note !== undefined && { annotations: { "org.example.note": note } }),
    }),
  );
}

function descriptor(mediaType: string, { digest, bytes }: Part) {
  return { mediaType, digest, size: bytes };
}

/** Runs preparations, a few at a time. */
export async function eachOf<Item>(
  endpoint: Endpoint,
  items: readonly Item[],
  work: (connection: Connection, item: Item) => Promise<unknown>,
): Promise<void> {
  const connections = await openConnections(endpoint, Math.min(8, items.length));
  const left = items.values();
  await Promise.all(
    connections.map(async (connection) => {
      for (const item of left) {
        await work(connection, item);
      }
      connection.close();
    }),
  );
}
