import { z } from "zod";
import type { IdentityProvider } from "../domain/identity-provider.ts";
import { ROLES, type Role } from "../domain/role.ts";
import { ConfigError } from "./config-error.ts";
import { issuerUrl, readIdentityFile } from "./identity-file.ts";
import { commaSeparated } from "./spellings.ts";

/** Whose JWTs are accepted, besides passwords and tokens. */
export interface IdentityConfig {
  readonly identityProviders: readonly IdentityProvider[];
}

const ROLE_EXPECTED = `expected <claim value>=<role>, with a role of ${ROLES.join(", ")}`;

const mappedRole = z.string().transform((text, context): readonly [string, Role] => {
  const equals = text.lastIndexOf("=");
  const role = ROLES.find((each) => each === text.slice(equals + 1).trim());
  if (equals < 1 || role === undefined) {
    context.addIssue(`${JSON.stringify(text)} maps nothing; ${ROLE_EXPECTED}`);
    return z.NEVER;
  }
  return [text.slice(0, equals).trim(), role];
});

export const IDENTITY_SETTINGS = {
  MOORAGE_OIDC_ISSUER: issuerUrl.optional(),
  MOORAGE_OIDC_AUDIENCE: z.string().optional(),
  MOORAGE_OIDC_ROLE_CLAIM: z.string().default("roles"),
  MOORAGE_OIDC_ROLES: commaSeparated.pipe(z.array(mappedRole)).optional(),
  MOORAGE_OIDC_FILE: z.string().optional(),
};

const IDENTITY = z.object(IDENTITY_SETTINGS);
type Settings = z.output<typeof IDENTITY>;

/** @throws ConfigError where settings do not go together, or the file is not right */
export function identityConfig(settings: Settings): IdentityConfig {
  const { MOORAGE_OIDC_ISSUER: issuer, MOORAGE_OIDC_FILE: file } = settings;
  if (file !== undefined && issuer !== undefined) {
    throw new ConfigError(
      "MOORAGE_OIDC_FILE: set either MOORAGE_OIDC_ISSUER or MOORAGE_OIDC_FILE, not both; the file takes several issuers",
    );
  }
  if (file !== undefined) {
    return { identityProviders: readIdentityFile(file) };
  }
  return { identityProviders: issuer === undefined ? noneOf(settings) : [only(issuer, settings)] };
}

function noneOf(settings: Settings): readonly [] {
  for (const name of ["MOORAGE_OIDC_AUDIENCE", "MOORAGE_OIDC_ROLES"] as const) {
    if (settings[name] !== undefined) {
      throw new ConfigError(`${name}: means nothing without MOORAGE_OIDC_ISSUER`);
    }
  }
  return [];
}

function only(issuer: string, settings: Settings): IdentityProvider {
  const { MOORAGE_OIDC_AUDIENCE: audience, MOORAGE_OIDC_ROLES: roles } = settings;
  if (audience === undefined) {
    throw new ConfigError(
      "MOORAGE_OIDC_AUDIENCE: expected what the issuer writes into the claim aud of tokens for this server",
    );
  }
  if (roles === undefined) {
    throw new ConfigError(
      `MOORAGE_OIDC_ROLES: nobody of the issuer would get in; ${ROLE_EXPECTED}, several separated by commas`,
    );
  }
  return {
    issuer,
    audiences: [audience],
    organization: 1,
    roleClaim: settings.MOORAGE_OIDC_ROLE_CLAIM,
    roles: new Map(roles),
    defaultRole: undefined,
    emailClaim: "email",
    rules: [],
  };
}
