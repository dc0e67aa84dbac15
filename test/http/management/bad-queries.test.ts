import assert from "node:assert/strict";
import { registryArtifactsQuery, repositoryArtifactsQuery } from "@moorage/core/contract/artifact";
import { credentialsQuery } from "@moorage/core/contract/credentials";
import { offsetQuery, registriesQuery } from "@moorage/core/contract/pages";
import { repositoriesQuery } from "@moorage/core/contract/repository";
import { tagsQuery, treeQuery } from "@moorage/core/contract/tree";
import { vulnerabilitiesQuery } from "@moorage/core/contract/vulnerability";
import type { z } from "zod";
import { LocalRegistry } from "../../support/local-registry.ts";
import { manage } from "../../support/management.ts";
import { refused } from "../../support/management-answer.ts";
import { fieldsOf } from "../../support/schema-fields.ts";

const NUMBERS = [
  "",
  "-1",
  "1.5",
  "ten",
  "1e2",
  "%20",
  "0x1",
  "+1",
  "99999999999",
  "1&limit=2&offset=2",
];
const TEXTS = ["a".repeat(257), "%00"];
const ORDERS = ["", "-", "--lastPush", "LASTPUSH", "-name", "lastPush,name", "%00"];

/** What each parameter refuses, percent-encoded, beside being given twice. */
const BAD_PARAMETERS: Readonly<Record<string, readonly string[]>> = {
  offset: [...NUMBERS, "2147483648"],
  limit: [...NUMBERS, "0", "1001"],
  "filter.name": TEXTS,
  "filter.vulnerabilitySeverity": TEXTS,
  "filter.vulnerabilityId": TEXTS,
  "filter.severity": TEXTS,
  "filter.fixable": ["", "TRUE", "1", "yes", "%00"],
  orderBy: ORDERS,
  "pagination.token": ["x", "a.b", "%00", "a".repeat(2049)],
  path: ["team", "/", "/team/", "Team/", "team//", "../", "a/%00/", `${"a".repeat(256)}/`],
  tokenId: ["", "ci", "%00", "1234"],
};

describe("bad parameters of the management API's queries", () => {
  let local: LocalRegistry;
  let digest: string;
  before(async () => {
    local = await LocalRegistry.start();
    ({ digest } = await local.client.pushImage("team/app", "v1"));
  });
  after(() => local.close());

  const registry = () => `/registries/${local.registry.id}`;
  const repository = () => `${registry()}/repositories/team%2Fapp`;
  const cases: readonly (readonly [string, z.ZodType, () => string])[] = [
    ["registries", registriesQuery, () => "/registries"],
    ["tokens", offsetQuery, () => `${registry()}/tokens`],
    ["repositories", repositoriesQuery, () => `${registry()}/repositories`],
    ["a registry's artifacts", registryArtifactsQuery, () => `${registry()}/artifacts`],
    ["a repository's artifacts", repositoryArtifactsQuery, () => `${repository()}/artifacts`],
    [
      "vulnerabilities",
      vulnerabilitiesQuery,
      () => `${repository()}/artifacts/${digest}/vulnerabilities`,
    ],
    ["tags", tagsQuery, () => `${repository()}/tags`],
    ["the tree", treeQuery, () => `${registry()}/tree`],
    ["credentials", credentialsQuery, () => `${registry()}/credentials`],
  ];

  for (const [title, schema, path] of cases) {
    it(`are refused, each and twice the same, by ${title}`, async () => {
      const { all } = fieldsOf(schema);
      assert.notEqual(all.length, 0);
      for (const name of all) {
        const values = BAD_PARAMETERS[name];
        assert.ok(values !== undefined, `this test has no row for the parameter ${name}`);
        const code = `invalid-${name.replace(".", "-").replace(/[A-Z]/g, (upper) => `-${upper.toLowerCase()}`)}`;
        for (const value of [...values, `1&${name}=1`]) {
          const answer = await manage(local.url, "GET", `${path()}?${name}=${value}`);
          const codes = await refused(answer, 400);
          const known = [code, ...(name === "pagination.token" ? ["page-invalid"] : [])];
          assert.ok(
            codes.some((each) => known.includes(each)),
            `${name}=${value}: ${codes.join()}`,
          );
        }
      }
    });
  }
});
