import type { IdentityProvider } from "../../provider/server/src/domain/identity-provider.ts";

/** A provider as settings would describe it; `more` changes what a test is about. */
export function sampleProvider(more: Partial<IdentityProvider> = {}): IdentityProvider {
  return {
    issuer: "https://sso.example.test",
    audiences: ["moorage"],
    organization: 1,
    roleClaim: "roles",
    roles: new Map(),
    defaultRole: undefined,
    emailClaim: "email",
    rules: [],
    ...more,
  };
}
