import { RegistryError } from "../domain/errors.ts";
import type { Context } from "./context.ts";

/**
 * `<last key of the page>.<keyed hash>`: signed, so that clients keep to the tokens that they were given. `list` names the list, and whose
 * it is: a token of another one does not pass.
 */
export function writePageToken(
  context: Pick<Context, "hasher">,
  list: string,
  last: string,
): string {
  // No token's secret looks like this text, so that its hash is good for nothing else.
  return `${last}.${context.hasher.hashTokenSecret(`page-of-${list} ${last}`)}`;
}

/**
 * The last key of the page before; `undefined` for an empty token, which asks for the first page.
 * @throws RegistryError `page-invalid`
 */
export function readPageToken(
  context: Pick<Context, "hasher">,
  list: string,
  token: string,
): string | undefined {
  if (token === "") {
    return undefined;
  }
  const last = token.slice(0, Math.max(token.lastIndexOf("."), 0));
  if (token !== writePageToken(context, list, last)) {
    throw new RegistryError("page-invalid", {
      parameter: "pagination.token",
      expected: "the token of an earlier answer",
    });
  }
  return last;
}

/** One page of a list that was read with one entry more than it may hold. */
export interface KeysetPageOf<Entry> {
  readonly entries: readonly Entry[];
  /** Asks for the page behind this one; empty: there is none. */
  readonly nextPageToken: string;
}

export function keysetPageOf<Entry>(
  context: Pick<Context, "hasher">,
  list: string,
  found: readonly Entry[],
  limit: number,
  keyOf: (entry: Entry) => string,
): KeysetPageOf<Entry> {
  const entries = found.slice(0, limit);
  const last = found.length > limit ? entries.at(-1) : undefined;
  const nextPageToken = last === undefined ? "" : writePageToken(context, list, keyOf(last));
  return { entries, nextPageToken };
}
