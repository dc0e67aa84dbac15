/** The links of a page of the management API; `""` where there is no such page (contract, section 2). */
export interface PageLinks {
  readonly next: string;
  readonly previous: string;
  readonly self: string;
}

/** Links of a page that is reached by skipping `offset` items. */
export function offsetLinks(
  href: string,
  page: { readonly offset: number; readonly limit: number },
  total: number,
): PageLinks {
  const { offset, limit } = page;
  const at = (start: number) => `${href}?offset=${start}&limit=${limit}`;
  return {
    next: offset + limit < total ? at(offset + limit) : "",
    previous: offset > 0 ? at(Math.max(offset - limit, 0)) : "",
    self: at(offset),
  };
}

/** Links of a list of content; `prev` and `next` stand only where there are such pages (contract, section 2). */
export function contentLinks(
  href: string,
  page: { readonly offset: number; readonly limit: number },
  hasMore: boolean,
  more: Readonly<Record<string, string>>,
): { readonly prev?: string; readonly self: string; readonly next?: string } {
  const { offset, limit } = page;
  const at = (start: number) =>
    `${href}?${new URLSearchParams({ offset: String(start), limit: String(limit), ...more })}`;
  return {
    ...(offset > 0 && { prev: at(Math.max(offset - limit, 0)) }),
    self: at(offset),
    ...(hasMore && { next: at(offset + limit) }),
  };
}

/** Links of a page that is reached by the token of the page before; there is no way back. */
export function tokenLinks(
  href: string,
  query: {
    readonly nameContains?: string;
    readonly limit: number;
    readonly pageToken: string;
  },
  nextPageToken: string,
): PageLinks {
  const at = (pageToken: string) => {
    const parameters = new URLSearchParams();
    if (query.nameContains !== undefined && query.nameContains !== "") {
      parameters.set("filter.name", query.nameContains);
    }
    parameters.set("limit", String(query.limit));
    if (pageToken !== "") {
      parameters.set("pagination.token", pageToken);
    }
    return `${href}?${parameters}`;
  };
  return {
    next: nextPageToken === "" ? "" : at(nextPageToken),
    previous: "",
    self: at(query.pageToken),
  };
}
