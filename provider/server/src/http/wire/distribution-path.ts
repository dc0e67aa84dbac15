import { RegistryError } from "../../domain/errors.ts";

/** What a path below `/v2` asks for (distribution-spec 1.1, "Endpoints"). Names and references are decoded, not yet checked. */
export type DistributionPath =
  | { readonly kind: "version" }
  | { readonly kind: "catalog"; readonly name: string }
  | { readonly kind: "tags"; readonly name: string }
  | { readonly kind: "manifest"; readonly name: string; readonly reference: string }
  | { readonly kind: "blob"; readonly name: string; readonly reference: string }
  | { readonly kind: "uploads"; readonly name: string }
  | { readonly kind: "upload"; readonly name: string; readonly uploadId: string }
  | { readonly kind: "referrers"; readonly name: string; readonly reference: string };

/**
 * Reads a path, from behind `/v2/` up to the query. A repository's name may itself hold words like `manifests`, so the path is read
 * from its end. `undefined`: there is nothing of that form.
 * @throws RegistryError `repository-name-invalid` for percent-encoding that is malformed or hides a slash
 */
export function parseDistributionPath(path: string): DistributionPath | undefined {
  if (path === "") {
    return { kind: "version" };
  }
  const segments = path.split("/").map(decode);
  const last = segments.at(-1) ?? "";
  const before = segments.at(-2) ?? "";
  if (last === "_catalog") {
    return { kind: "catalog", name: segments.slice(0, -1).join("/") };
  }
  if (before === "blobs" && last === "uploads" && segments.length > 2) {
    return { kind: "uploads", name: segments.slice(0, -2).join("/") };
  }
  if (segments.length > 3 && segments.at(-3) === "blobs" && before === "uploads") {
    const name = segments.slice(0, -3).join("/");
    return last === "" ? { kind: "uploads", name } : { kind: "upload", name, uploadId: last };
  }
  if (segments.length < 3) {
    return undefined;
  }
  const name = segments.slice(0, -2).join("/");
  switch (before) {
    case "tags":
      return last === "list" ? { kind: "tags", name } : undefined;
    case "manifests":
      return { kind: "manifest", name, reference: last };
    case "blobs":
      return { kind: "blob", name, reference: last };
    case "referrers":
      return { kind: "referrers", name, reference: last };
    default:
      return undefined;
  }
}

function decode(segment: string): string {
  if (!segment.includes("%")) {
    return segment;
  }
  let decoded: string;
  try {
    decoded = decodeURIComponent(segment);
  } catch (cause) {
    throw new RegistryError("repository-name-invalid", { name: segment }, { cause });
  }
  if (decoded.includes("/")) {
    throw new RegistryError("repository-name-invalid", { name: segment });
  }
  return decoded;
}
