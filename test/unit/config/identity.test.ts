import assert from "node:assert/strict";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { ConfigError } from "../../../provider/server/src/config/config-error.ts";
import { readConfig } from "../../../provider/server/src/config.ts";
import { temporaryDirectory } from "../../support/temporary-directory.ts";

const ISSUER = "https://sso.example.test/realms/main";

describe("settings of identity providers", () => {
  let folder: Awaited<ReturnType<typeof temporaryDirectory>>;

  before(async () => {
    folder = await temporaryDirectory();
  });
  after(() => folder.remove());

  const providers = (environment: Readonly<Record<string, string>>) =>
    readConfig(environment).identityProviders;

  async function fromFile(content: string | object) {
    const file = join(folder.path, "issuers.json");
    await writeFile(file, typeof content === "string" ? content : JSON.stringify(content));
    return providers({ MOORAGE_OIDC_FILE: file });
  }

  function problemsOf(error: unknown): string {
    assert.ok(error instanceof ConfigError, String(error));
    return error.message;
  }

  async function problems(content: string | object): Promise<string> {
    return fromFile(content).then(() => "", problemsOf);
  }

  function problemsOfVariables(environment: Readonly<Record<string, string>>): string {
    try {
      providers(environment);
      return "";
    } catch (error) {
      return problemsOf(error);
    }
  }

  it("are none by default", () => {
    assert.deepEqual(providers({}), []);
  });

  it("describe one issuer by variables", () => {
    const [provider, ...more] = providers({
      MOORAGE_OIDC_ISSUER: ISSUER,
      MOORAGE_OIDC_AUDIENCE: "moorage",
      MOORAGE_OIDC_ROLE_CLAIM: "realm_access.roles",
      MOORAGE_OIDC_ROLES: "registry-admins=admin, a=b=reader",
    });
    assert.deepEqual(more, []);
    assert.deepEqual(provider, {
      issuer: ISSUER,
      audiences: ["moorage"],
      organization: 1,
      roleClaim: "realm_access.roles",
      roles: new Map([
        ["registry-admins", "admin"],
        ["a=b", "reader"],
      ]),
      defaultRole: undefined,
      emailClaim: "email",
      rules: [],
    });
  });

  for (const [why, environment, expected] of [
    ["no audience", { MOORAGE_OIDC_ISSUER: ISSUER }, /^MOORAGE_OIDC_AUDIENCE: expected what/],
    [
      "no roles",
      { MOORAGE_OIDC_ISSUER: ISSUER, MOORAGE_OIDC_AUDIENCE: "moorage" },
      /^MOORAGE_OIDC_ROLES: nobody of the issuer would get in/,
    ],
    ["no issuer", { MOORAGE_OIDC_AUDIENCE: "a" }, /^MOORAGE_OIDC_AUDIENCE: means nothing/],
    ["an unknown role", { MOORAGE_OIDC_ROLES: "a=boss" }, /"a=boss" maps nothing; .*owner, admin/],
    ["plain HTTP", { MOORAGE_OIDC_ISSUER: "http://sso.example.test" }, /an https URL/],
    [
      "a file as well",
      { MOORAGE_OIDC_ISSUER: ISSUER, MOORAGE_OIDC_FILE: "x" },
      /^MOORAGE_OIDC_FILE: set either/,
    ],
    ["a file that is not there", { MOORAGE_OIDC_FILE: "/nowhere/x" }, /cannot read "\/nowhere\/x"/],
  ] as const) {
    it(`are refused with a sentence: ${why}`, () => {
      assert.match(problemsOfVariables(environment), expected);
    });
  }

  it("describe several issuers, with rules, by a file", async () => {
    const scope = { type: "repository", name: "team/*", actions: ["pull", "push"] };
    const rule = { claims: { repository: "acme/*" }, registry: "shop", scopes: [scope] };
    const [people, pipelines] = await fromFile({
      issuers: [
        { issuer: ISSUER, audience: ["a", "b"], organization: 2, defaultRole: "reader" },
        { issuer: "https://ci.example.test", audience: "a", rules: [rule] },
      ],
    });
    assert.deepEqual(people?.audiences, ["a", "b"]);
    assert.equal(people?.organization, 2);
    assert.equal(people?.defaultRole, "reader");
    assert.equal(people?.roleClaim, "roles");
    assert.deepEqual(pipelines?.rules, [
      { claims: new Map([["repository", "acme/*"]]), registry: "shop", scopes: [scope] },
    ]);
  });

  it("are all told of that are wrong in a file, each with its place", async () => {
    const scope = { type: "repository", name: "*", actions: ["push"] };
    const said = await problems({
      issuers: [
        {
          issuer: "http://sso.example.test",
          audience: 5,
          roles: { a: "boss" },
          rules: [
            { claims: { a: "*" }, registry: "SHOP", scopes: [] },
            { claims: { a: "b" }, registry: "shop", scopes: [scope], x: 1 },
          ],
        },
        { audience: "a" },
      ],
    });
    const lines = said.split("\n");
    for (const place of [
      "issuers[0].issuer: expected the issuer",
      "issuers[0].audience: expected a text or a list",
      "issuers[0].roles.a: expected a role: owner, admin, developer, reader",
      "issuers[0].rules[0].claims: the rule would match every workflow",
      "issuers[0].rules[0].registry: name must be 3 to 63",
      "issuers[0].rules[0].scopes: expected at least one scope",
      "issuers[0].rules[1].scopes[0].actions: a scope that permits push must permit pull",
      'issuers[0].rules[1]: a rule has the unknown field "x"',
      "issuers[1].issuer: expected the issuer",
    ]) {
      const found = lines.filter((line) => line.startsWith(`MOORAGE_OIDC_FILE: ${place}`));
      assert.equal(found.length, 1, `${place}\n${said}`);
    }
  });

  it("are refused where a file would let in nobody, everybody, or leave open who is meant", async () => {
    const one = { issuer: ISSUER, audience: "a" };
    const scope = { type: "repository", name: "*", actions: ["pull"] };
    const rules = [{ claims: { a: "b" }, registry: "shop", scopes: [scope] }];
    assert.match(await problems({ issuers: [one] }), /nobody of the issuer would get in/);
    const both = { ...one, defaultRole: "reader", rules };
    assert.match(await problems({ issuers: [both] }), /every workflow of the issuer would be/);
    const twice = { ...one, defaultRole: "reader" };
    assert.match(await problems({ issuers: [twice, twice] }), /stands there twice/);
    assert.match(await problems({ issuers: [] }), /at least one issuer/);
  });

  it("are refused where the file is no JSON, or drops a name on the way", async () => {
    assert.match(await problems("{"), /is not JSON/);
    assert.match(await problems('{"issuers":[{"__proto__":{}}]}'), /"__proto__" cannot be a name/);
  });
});
