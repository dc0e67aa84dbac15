import { RegistryError } from "../domain/errors.ts";
import { SORTED_ENTRIES_MAX } from "../domain/limits.ts";

/**
 * Refuses an order that no index has where the list is too long to be sorted for a page: the database would be busy with it, and everybody
 * else would wait.
 * @throws RegistryError `page-invalid`
 */
export async function expectSortable(
  indexed: string,
  count: (max: number) => Promise<number>,
): Promise<void> {
  if ((await count(SORTED_ENTRIES_MAX + 1)) > SORTED_ENTRIES_MAX) {
    throw new RegistryError("page-invalid", {
      parameter: "orderBy",
      expected: `${indexed} for a list of more than ${SORTED_ENTRIES_MAX} entries`,
    });
  }
}
