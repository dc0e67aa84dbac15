import type { RegistryDraft } from "../../../provider/server/src/app/registry-draft.ts";
import type { TokenDraft } from "../../../provider/server/src/app/token-draft.ts";

export function registryDraft(parts: Partial<RegistryDraft> = {}): RegistryDraft {
  return {
    name: "shop",
    location: "de/fra",
    visibility: "private",
    schedule: undefined,
    isScanned: true,
    allowList: [],
    isProtected: false,
    ...parts,
  };
}

export function tokenDraft(parts: Partial<TokenDraft> = {}): TokenDraft {
  return {
    name: "ci",
    description: undefined,
    status: "enabled",
    expiresAt: undefined,
    isOneTime: false,
    scopes: [],
    ...parts,
  };
}
