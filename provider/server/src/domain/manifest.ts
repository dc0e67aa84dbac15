import { type Digest, isDigest } from "./digest.ts";
import { RegistryError } from "./errors.ts";
import { MANIFEST_BYTES_MAX, MANIFEST_DESCRIPTORS_MAX } from "./limits.ts";

/** What a manifest says of a piece of content (OCI image-spec 1.1, "Descriptor"). */
export interface Descriptor {
  readonly mediaType: string;
  readonly digest: Digest;
  readonly size: number;
  /** Where the content may be had instead; a registry need not hold content that names such places. */
  readonly hasUrls: boolean;
}

/** What the registry reads of a manifest. Its bytes are kept as they came; this is never written back. */
export interface Manifest {
  readonly mediaType: ManifestMediaType;
  /** What the referrers list shows (distribution-spec 1.1, "Listing Referrers"): the config's media type where none is given. */
  readonly artifactType: string | undefined;
  readonly subject: Descriptor | undefined;
  /** Config, layers, and what an index lists besides manifests: blobs that the repository must have. */
  readonly blobs: readonly Descriptor[];
  /** Children of an index: manifests that the repository must have. */
  readonly manifests: readonly Descriptor[];
  readonly annotations: Readonly<Record<string, string>> | undefined;
}

export const OCI_MANIFEST = "application/vnd.oci.image.manifest.v1+json";
export const OCI_INDEX = "application/vnd.oci.image.index.v1+json";
export const OCI_ARTIFACT = "application/vnd.oci.artifact.manifest.v1+json";
export const DOCKER_MANIFEST = "application/vnd.docker.distribution.manifest.v2+json";
export const DOCKER_LIST = "application/vnd.docker.distribution.manifest.list.v2+json";

export const MANIFEST_MEDIA_TYPES = [
  OCI_MANIFEST,
  OCI_INDEX,
  OCI_ARTIFACT,
  DOCKER_MANIFEST,
  DOCKER_LIST,
] as const;
export type ManifestMediaType = (typeof MANIFEST_MEDIA_TYPES)[number];

function isManifestMediaType(text: string): text is ManifestMediaType {
  return (MANIFEST_MEDIA_TYPES as readonly string[]).includes(text);
}

/**
 * Reads a manifest. `contentType` is what the request declared, without parameters; where the document names its own media type,
 * the two must agree, so that no two clients can read the same bytes as different things (image-spec 1.1, "mediaType").
 * @throws RegistryError `manifest-too-large`, `manifest-invalid`, `manifest-media-type-unsupported`
 */
export function parseManifest(bytes: Uint8Array, contentType: string | undefined): Manifest {
  if (bytes.byteLength > MANIFEST_BYTES_MAX) {
    throw new RegistryError("manifest-too-large", { bytesMax: MANIFEST_BYTES_MAX });
  }
  const document = parseObject(bytes);
  const mediaType = mediaTypeOf(document, contentType);
  if (document["schemaVersion"] !== 2 && mediaType !== OCI_ARTIFACT) {
    throw invalid("schemaVersion must be 2");
  }
  const annotations = parseAnnotations(document["annotations"]);
  const subject = parseOptional(document["subject"], "subject");
  const artifactType = parseText(document["artifactType"], "artifactType");
  switch (mediaType) {
    case OCI_INDEX:
    case DOCKER_LIST: {
      refuseFields(document, ["config", "layers", "blobs"], mediaType);
      const listed = parseList(document["manifests"], "manifests");
      return {
        mediaType,
        artifactType,
        subject,
        // An index may list anything (image-spec 1.1, "Image Index Property Descriptions"): BuildKit's caches list layers.
        blobs: listed.filter((entry) => !isManifestMediaType(entry.mediaType)),
        manifests: listed.filter((entry) => isManifestMediaType(entry.mediaType)),
        annotations,
      };
    }
    case OCI_MANIFEST:
    case DOCKER_MANIFEST: {
      refuseFields(document, ["manifests", "blobs"], mediaType);
      const config = parseDescriptor(document["config"], "config");
      return {
        mediaType,
        artifactType: artifactType ?? config.mediaType,
        subject,
        blobs: [config, ...parseList(document["layers"], "layers")],
        manifests: [],
        annotations,
      };
    }
    case OCI_ARTIFACT:
      refuseFields(document, ["config", "layers", "manifests"], mediaType);
      return {
        mediaType,
        artifactType,
        subject,
        blobs: document["blobs"] === undefined ? [] : parseList(document["blobs"], "blobs"),
        manifests: [],
        annotations,
      };
    default:
      return mediaType satisfies never;
  }
}

type JsonObject = Readonly<Record<string, unknown>>;

function parseObject(bytes: Uint8Array): JsonObject {
  let value: unknown;
  try {
    value = JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(bytes));
  } catch (cause) {
    throw new RegistryError("manifest-invalid", { problem: "it is not JSON in UTF-8" }, { cause });
  }
  if (!isObject(value)) {
    throw invalid("it is not a JSON object");
  }
  return value;
}

function mediaTypeOf(document: JsonObject, contentType: string | undefined): ManifestMediaType {
  const own = parseText(document["mediaType"], "mediaType");
  if (own !== undefined && contentType !== undefined && own !== contentType) {
    throw invalid(
      `its mediaType ${JSON.stringify(own)} is not the Content-Type ${JSON.stringify(contentType)}`,
    );
  }
  const mediaType = own ?? contentType;
  if (mediaType === undefined) {
    throw invalid("neither it nor the Content-Type header names its media type");
  }
  if (!isManifestMediaType(mediaType)) {
    throw new RegistryError("manifest-media-type-unsupported", { mediaType });
  }
  return mediaType;
}

/** An image manifest that also lists manifests reads differently in different clients (CVE-2021-41190). */
function refuseFields(document: JsonObject, fields: readonly string[], mediaType: string): void {
  for (const field of fields) {
    if (document[field] !== undefined) {
      throw invalid(`${field} has no place in ${mediaType}`);
    }
  }
}

function parseList(value: unknown, field: string): readonly Descriptor[] {
  // What programs in Go write for a list to which they have added nothing.
  if (value === null) {
    return [];
  }
  if (!Array.isArray(value)) {
    throw invalid(`${field} must be an array of descriptors`);
  }
  if (value.length > MANIFEST_DESCRIPTORS_MAX) {
    throw invalid(`${field} has more than ${MANIFEST_DESCRIPTORS_MAX} entries`);
  }
  return value.map((entry, index) => parseDescriptor(entry, `${field}[${index}]`));
}

function parseOptional(value: unknown, field: string): Descriptor | undefined {
  return value === undefined || value === null ? undefined : parseDescriptor(value, field);
}

function parseDescriptor(value: unknown, field: string): Descriptor {
  if (!isObject(value)) {
    throw invalid(`${field} must be a descriptor`);
  }
  const { digest, size, urls } = value;
  const mediaType = parseText(value["mediaType"], `${field}.mediaType`);
  if (mediaType === undefined) {
    throw invalid(`${field}.mediaType is missing`);
  }
  if (typeof digest !== "string" || !isDigest(digest)) {
    throw invalid(`${field}.digest must be sha256:<hex> or sha512:<hex>`);
  }
  if (typeof size !== "number" || !Number.isSafeInteger(size) || size < 0) {
    throw invalid(`${field}.size must be a whole number of bytes`);
  }
  return { mediaType, digest, size, hasUrls: Array.isArray(urls) && urls.length > 0 };
}

function parseText(value: unknown, field: string): string | undefined {
  if (value === undefined || value === null || value === "") {
    return undefined;
  }
  if (typeof value !== "string") {
    throw invalid(`${field} must be a string`);
  }
  return value;
}

function parseAnnotations(value: unknown): Readonly<Record<string, string>> | undefined {
  if (value === undefined || value === null) {
    return undefined;
  }
  if (!isObject(value) || !Object.values(value).every((entry) => typeof entry === "string")) {
    throw invalid("annotations must be an object of strings");
  }
  return value as Readonly<Record<string, string>>;
}

function isObject(value: unknown): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function invalid(problem: string): RegistryError {
  return new RegistryError("manifest-invalid", { problem });
}
