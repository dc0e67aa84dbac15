import { z } from "zod";
import {
  FILTER_CHARACTERS_MAX,
  PAGE_ITEMS_DEFAULT,
  PAGE_ITEMS_MAX,
  PAGE_OFFSET_MAX,
  PAGE_TOKEN_CHARACTERS_MAX,
} from "./limits.ts";
import { isStorable } from "./storable-text.ts";

/*
 * Query parameters. Unknown ones are ignored (contract, section 0): the SDKs may add maxResults, depth,
 * pretty, filter.* and order-by to any request. A parameter that is given twice arrives as an array
 * and is refused.
 */

/** What a query must be, whatever its parameters. */
export const QUERY_SENTENCE = "the query must be a set of parameters";

const LIMIT = `limit must be a whole number from 1 to ${PAGE_ITEMS_MAX}, given once`;
const OFFSET = `offset must be a whole number from 0 to ${PAGE_OFFSET_MAX}, given once`;
const TOKEN = "pagination.token must be the token of an earlier answer, given once";

/** How many items a page may hold. */
export const pageLimit = z
  .string(LIMIT)
  .regex(/^\d{1,10}$/, { error: LIMIT, abort: true })
  .transform(Number)
  .refine((value) => value >= 1 && value <= PAGE_ITEMS_MAX, LIMIT)
  .default(PAGE_ITEMS_DEFAULT)
  .meta({ type: "integer", minimum: 1, maximum: PAGE_ITEMS_MAX });

/** How many items a page skips. */
export const pageOffset = z
  .string(OFFSET)
  .regex(/^\d{1,10}$/, { error: OFFSET, abort: true })
  .transform(Number)
  .refine((value) => value <= PAGE_OFFSET_MAX, OFFSET)
  .default(0)
  .meta({ type: "integer", minimum: 0, maximum: PAGE_OFFSET_MAX });

/** The opaque token of an earlier answer; empty asks for the first page. */
export const pageToken = z.string(TOKEN).max(PAGE_TOKEN_CHARACTERS_MAX, TOKEN).default("");

/** `orderBy` with these fields, each also with a leading `-` for descending (contract, section 1). */
export function pageOrder<Field extends string>(
  fields: readonly Field[],
): z.ZodType<Field | `-${Field}`> {
  const orders = fields.flatMap((field) => [field, `-${field}` as const]);
  return z.enum(orders, `orderBy must be one of ${orders.join(", ")}, given once`);
}

/** `_links` of lists of content: `prev` and `next` stand only where there are such pages. */
export const pageLinks = z.object({
  prev: z.string().optional(),
  self: z.string().optional(),
  next: z.string().optional(),
});

/** Text that a query filters by; empty means no filter. */
export function pageFilter(name: string): z.ZodDefault<z.ZodString> {
  const sentence = `${name} must be text of at most ${FILTER_CHARACTERS_MAX} characters, given once`;
  return z
    .string(sentence)
    .max(FILTER_CHARACTERS_MAX, sentence)
    .refine(isStorable, sentence)
    .default("");
}

/** Query of GET /registries (contract, section 1). An empty token asks for the first page. */
export const registriesQuery = z
  .object(
    {
      "filter.name": pageFilter("filter.name"),
      limit: pageLimit,
      "pagination.token": pageToken,
    },
    QUERY_SENTENCE,
  )
  .transform((query) => ({
    nameFilter: query["filter.name"],
    limit: query.limit,
    pageToken: query["pagination.token"],
  }));
export type RegistriesQuery = z.output<typeof registriesQuery>;

/** Query of GET …/tokens (contract, section 1), and of what else is paged by offset alone. */
export const offsetQuery = z.object({ offset: pageOffset, limit: pageLimit }, QUERY_SENTENCE);
export type OffsetQuery = z.output<typeof offsetQuery>;
