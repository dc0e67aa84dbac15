import { RegistryError } from "../../domain/errors.ts";

/** Bytes `[start, end)`. */
export interface ByteRange {
  readonly start: number;
  readonly end: number;
}

/**
 * Reads a `Range` header for content of `size` bytes (RFC 9110, section 14.2). `undefined`, and so the whole content, for what the
 * RFC lets a server ignore: another unit, a malformed header, several ranges; and any range of no bytes, since clients that fetch in parts ask
 * for the first one of whatever there is.
 * @throws RegistryError `range-not-satisfiable`
 */
export function parseRange(header: string | undefined, size: number): ByteRange | undefined {
  const match = header === undefined ? null : /^bytes=(\d*)-(\d*)$/i.exec(header.trim());
  const [, first = "", last = ""] = match ?? [];
  if (header === undefined || match === null || size === 0 || (first === "" && last === "")) {
    return undefined;
  }
  if (first === "") {
    const length = Math.min(Number(last), size);
    if (length === 0) {
      throw new RegistryError("range-not-satisfiable", { range: header, size });
    }
    return { start: size - length, end: size };
  }
  const start = Number(first);
  if (last !== "" && Number(last) < start) {
    return undefined;
  }
  if (start >= size) {
    throw new RegistryError("range-not-satisfiable", { range: header, size });
  }
  return { start, end: last === "" ? size : Math.min(Number(last) + 1, size) };
}

/**
 * Reads the `Content-Range` of an upload's chunk, `<first>-<last>`, without a unit (distribution-spec 1.1, "Pushing a blob in chunks");
 * `bytes <first>-<last>/<size>` is what some clients send (RFC 9110) and means the same.
 * @throws RegistryError `range-invalid`
 */
export function parseContentRange(header: string | undefined): ByteRange | undefined {
  if (header === undefined) {
    return undefined;
  }
  const match = /^(?:bytes[ =])?(\d{1,15})-(\d{1,15})(?:\/(?:\d+|\*))?$/.exec(header.trim());
  const start = Number(match?.[1]);
  const last = Number(match?.[2]);
  if (match === null || last < start) {
    throw new RegistryError("range-invalid", { range: header });
  }
  return { start, end: last + 1 };
}
