import { readFileSync } from "node:fs";
import { registryName } from "@moorage/core/contract/registry";
import { requestObject } from "@moorage/core/contract/request-object";
import { scopesInput } from "@moorage/core/contract/scope";
import { z } from "zod";
import {
  type IdentityProvider,
  isProviderUrl,
  type WorkloadRule,
} from "../domain/identity-provider.ts";
import {
  IDENTITY_CLAIM_LENGTH_MAX,
  IDENTITY_PROVIDERS_MAX,
  IDENTITY_RULES_MAX,
} from "../domain/limits.ts";
import { ROLES } from "../domain/role.ts";
import { ConfigError } from "./config-error.ts";

const ISSUER =
  "expected the issuer as it stands in the claim iss: an https URL without a query; http is for 127.0.0.1 and localhost alone";

/** The name of an issuer, which is also where it is asked for its keys. */
export const issuerUrl = z
  .string(ISSUER)
  .refine((address) => isProviderUrl(address) && !/[?\s]/.test(address), { error: ISSUER });

/**
 * Identity providers from a file of JSON, `{"issuers": […]}`; `docs/reference/identity-providers.md` describes it.
 * @throws ConfigError that lists everything that is wrong
 */
export function readIdentityFile(file: string): readonly IdentityProvider[] {
  const result = FILE.safeParse(readJson(file));
  if (!result.success) {
    throw new ConfigError(
      result.error.issues
        .map(({ path, message }) => `${SETTING}: ${placeOf(path)}${message}`)
        .join("\n"),
    );
  }
  const { issuers } = result.data;
  if (new Set(pairsOf(issuers)).size < pairsOf(issuers).length) {
    const expected = "an audience decides which one is meant";
    throw new ConfigError(
      `${SETTING}: issuers: an issuer stands there twice with the same audience; ${expected}`,
    );
  }
  return issuers;
}

const SETTING = "MOORAGE_OIDC_FILE";

const text = (what: string) =>
  z
    .string(`expected ${what}`)
    .min(1, `expected ${what}`)
    .max(IDENTITY_CLAIM_LENGTH_MAX, `expected at most ${IDENTITY_CLAIM_LENGTH_MAX} characters`);

const role = z.enum(ROLES, `expected a role: ${ROLES.join(", ")}`);

const rule = requestObject("a rule", {
  claims: z
    .record(text("the name of a claim"), text("a claim's value, or a pattern with *"), {
      error: "expected an object with the name and the value of at least one claim",
    })
    // Without this, a slip would hand a registry to every workflow of a provider that serves the whole world.
    .refine((claims) => Object.values(claims).some((pattern) => /[^*]/.test(pattern)), {
      error: "the rule would match every workflow of the issuer; name at least one claim's value",
    }),
  registry: registryName,
  scopes: scopesInput.min(1, "expected at least one scope"),
}).transform(
  ({ claims, registry, scopes }): WorkloadRule => ({
    claims: new Map(Object.entries(claims)),
    registry,
    scopes: scopes.map(({ type, name, actions }) => ({ type, name, actions: actions ?? [] })),
  }),
);

const audience = text("what the issuer writes into the claim aud of tokens for this server");

const provider = requestObject("an issuer", {
  issuer: issuerUrl,
  audience: z.union([audience, z.array(audience).min(1)], "expected a text or a list of texts"),
  organization: z.int("expected an organization's contract number").min(1).default(1),
  roleClaim: text("the name of a claim").default("roles"),
  roles: z.record(text("a claim's value"), role).default({}),
  defaultRole: role.optional(),
  emailClaim: text("the name of a claim").default("email"),
  rules: z
    .array(rule, "expected a list of rules")
    .max(IDENTITY_RULES_MAX, `expected at most ${IDENTITY_RULES_MAX} rules`)
    .default([]),
})
  .refine(
    ({ roles, defaultRole, rules }) =>
      Object.keys(roles).length > 0 || defaultRole !== undefined || rules.length > 0,
    "nobody of the issuer would get in; give roles, a defaultRole or rules",
  )
  .refine(({ defaultRole, rules }) => defaultRole === undefined || rules.length === 0, {
    path: ["defaultRole"],
    error:
      "every workflow of the issuer would be a person of this role; leave it out, or the rules",
  })
  .transform(
    ({ audience: audiences, roles, ...given }): IdentityProvider => ({
      ...given,
      audiences: [audiences].flat(),
      roles: new Map(Object.entries(roles)),
      defaultRole: given.defaultRole,
    }),
  );

const FILE = requestObject("the file", {
  issuers: z
    .array(provider, "expected a list of issuers")
    .min(1, "expected at least one issuer")
    .max(IDENTITY_PROVIDERS_MAX, `expected at most ${IDENTITY_PROVIDERS_MAX} issuers`),
});

function pairsOf(issuers: readonly IdentityProvider[]): string[] {
  return issuers.flatMap(({ issuer, audiences }) => audiences.map((each) => `${issuer} ${each}`));
}

function readJson(file: string): unknown {
  let content: string;
  try {
    content = readFileSync(file, "utf8");
  } catch (cause) {
    throw new ConfigError(`${SETTING}: cannot read ${JSON.stringify(file)}`, { cause });
  }
  try {
    return JSON.parse(content, (key, value: unknown) => {
      // Objects lose a member of this name on the way, and a rule that loses a claim says something else.
      if (key === "__proto__") {
        throw new SyntaxError('"__proto__" cannot be a name');
      }
      return value;
    });
  } catch (cause) {
    const problem = cause instanceof Error ? cause.message : String(cause);
    throw new ConfigError(`${SETTING}: ${JSON.stringify(file)} is not JSON (${problem})`, {
      cause,
    });
  }
}

/** `issuers[0].rules[1].registry: ` */
function placeOf(path: readonly PropertyKey[]): string {
  const place = path
    .map((step) => (typeof step === "number" ? `[${step}]` : `.${String(step)}`))
    .join("")
    .replace(/^\./, "");
  return place === "" ? "" : `${place}: `;
}
