import type { PageRequest } from "../../app/list-tags.ts";
import { RegistryError } from "../../domain/errors.ts";
import { PAGE_LENGTH_DEFAULT, PAGE_LENGTH_MAX } from "../../domain/limits.ts";

/**
 * Reads `n` and `last` (distribution-spec 1.1, "Listing Tags"). More than the longest page is that page: the `Link` leads on.
 * @throws RegistryError `page-invalid`
 */
export function parsePageQuery(query: URLSearchParams): PageRequest {
  const n = query.get("n");
  if (n !== null && !/^\d{1,15}$/.test(n)) {
    throw new RegistryError("page-invalid", { parameter: "n", expected: "a whole number from 0" });
  }
  const limit = n === null ? PAGE_LENGTH_DEFAULT : Math.min(Number(n), PAGE_LENGTH_MAX);
  return { after: query.get("last") ?? undefined, limit };
}

/** The `Link` header to the page behind `last` (RFC 8288), relative to the host. */
export function nextLink(
  path: string,
  limit: number,
  last: string,
  more?: [string, string],
): string {
  const query = new URLSearchParams({ n: String(limit), last });
  if (more !== undefined) {
    query.set(...more);
  }
  return `<${path}?${query}>; rel="next"`;
}
