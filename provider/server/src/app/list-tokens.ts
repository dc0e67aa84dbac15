import type { UserPrincipal } from "../domain/access.ts";
import type { RegistryId } from "../domain/ids.ts";
import type { Token } from "../domain/token.ts";
import type { Context } from "./context.ts";
import { expireTokens } from "./expire-tokens.ts";
import { findRegistry } from "./find-registry.ts";

export interface TokenPage {
  readonly tokens: readonly Token[];
  /** Of the registry, on all pages. */
  readonly total: number;
}

/**
 * One page of a registry's tokens, in the order of their creation.
 * @throws RegistryError `access-denied`, `registry-unknown`
 */
export async function listTokens(
  context: Pick<Context, "metadata" | "clock" | "ids">,
  principal: UserPrincipal,
  registryId: RegistryId,
  page: { readonly offset: number; readonly limit: number },
): Promise<TokenPage> {
  await findRegistry(context, principal, registryId, "browse");
  // Expired tokens must neither be shown nor counted, even where the job has not come by yet.
  await expireTokens(context);
  return context.metadata.tokens.list(registryId, page);
}
