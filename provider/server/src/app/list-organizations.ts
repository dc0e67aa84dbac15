import { PAGE_LENGTH_MAX } from "../domain/limits.ts";
import type { Organization } from "../ports/organization-store.ts";
import type { Context } from "./context.ts";

/** All organizations by contract number. For the server's operator: no organization is told of another one. */
export async function* listOrganizations({
  metadata,
}: Pick<Context, "metadata">): AsyncGenerator<Organization, void, void> {
  for (let after = 0; ; ) {
    const page = await metadata.organizations.list({ after, limit: PAGE_LENGTH_MAX });
    yield* page;
    const last = page.at(-1);
    if (last === undefined || page.length < PAGE_LENGTH_MAX) {
      return;
    }
    after = last.contractNumber;
  }
}
