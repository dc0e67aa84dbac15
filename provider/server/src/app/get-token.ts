import type { UserPrincipal } from "../domain/access.ts";
import type { Token } from "../domain/token.ts";
import type { Context } from "./context.ts";
import { findToken, type TokenAddress } from "./find-registry.ts";

/** @throws RegistryError `access-denied`, `registry-unknown`, `token-unknown` */
export async function getToken(
  context: Pick<Context, "metadata" | "clock">,
  principal: UserPrincipal,
  address: TokenAddress,
): Promise<Token> {
  return findToken(context, principal, address, "browse");
}
