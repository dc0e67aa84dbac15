/** What asks for one page of a list that is paged by token. */
export interface KeysetQuery extends Readonly<Record<string, string | number | undefined>> {
  readonly limit: number | undefined;
  readonly "pagination.token": string | undefined;
}

/** One page of such a list. */
export interface KeysetPage<Item> {
  readonly items: readonly Item[] | null;
  readonly pagination: { readonly token: string };
}

/** All items of a list that is paged by token, fetched page by page. */
export async function* keysetPages<Item, Page extends KeysetPage<Item>>(
  pageSize: number | undefined,
  ask: (query: KeysetQuery) => Promise<Page>,
): AsyncGenerator<Item, void, void> {
  const seen = new Set<string>();
  let token: string | undefined;
  do {
    const page: Page = await ask({ limit: pageSize, "pagination.token": token });
    yield* page.items ?? [];
    token = page.pagination.token;
    // A server that answers the same token again would be listed for ever.
    if (seen.has(token)) return;
    seen.add(token);
  } while (token !== "");
}

/** One page of a list of content, which is paged by offset. */
export interface OffsetPage<Item> {
  readonly items?: readonly Item[] | null | undefined;
  readonly _links: { readonly next?: string | undefined };
}

/** All items of a list of content, fetched page by page. */
export async function* offsetPages<Item, Page extends OffsetPage<Item>>(
  ask: (offset: number) => Promise<Page>,
): AsyncGenerator<Item, void, void> {
  let offset = 0;
  for (;;) {
    const page: Page = await ask(offset);
    const items = page.items ?? [];
    yield* items;
    offset += items.length;
    if (items.length === 0 || !page._links.next) return;
  }
}
