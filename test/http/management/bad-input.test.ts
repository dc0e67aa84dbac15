import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { registryPatch, registryRequest } from "@moorage/core/contract/registry";
import { rotateRequest } from "@moorage/core/contract/rotate";
import { scopeRequest } from "@moorage/core/contract/scope";
import { tokenPatch, tokenRequest } from "@moorage/core/contract/token";
import type { z } from "zod";
import { manage } from "../../support/management.ts";
import { refused } from "../../support/management-answer.ts";
import { RunningServer } from "../../support/running-server.ts";
import { fieldsOf, withField } from "../../support/schema-fields.ts";
import {
  type BadValuesTable,
  IGNORED_FIELDS,
  REGISTRY_VALUES,
  ROTATION_VALUES,
  SCOPE_VALUES,
  TOKEN_VALUES,
  WHOLE_REGISTRY_VALUES,
  WHOLE_TOKEN_VALUES,
} from "./bad-values.ts";

const SCOPE = { type: "repository", name: "team/*", actions: ["pull"] };
const REGISTRY_SETTINGS = {
  garbageCollectionSchedule: { days: ["Sunday"], time: "03:30:00Z" },
  features: { vulnerabilityScanning: { enabled: true, properties: {} } },
  apiSubnetAllowList: ["192.0.2.0/24"],
  visibility: "private",
  deletionProtection: false,
};
const TOKEN_SETTINGS = {
  expiryDate: "2099-01-01T00:00:00Z",
  scopes: [SCOPE],
  status: "enabled",
  oneTime: false,
  description: "nightly",
};

interface RequestCase {
  readonly title: string;
  readonly schema: z.ZodType;
  readonly values: BadValuesTable;
  readonly body: unknown;
  readonly method: "POST" | "PUT" | "PATCH";
  readonly path: () => string;
}

describe("bad input to the management API", () => {
  let server: RunningServer;
  const registryId = randomUUID();
  const tokenId = randomUUID();
  let scopeId = "";
  const registry = { properties: { name: "shop", location: "de/fra", ...REGISTRY_SETTINGS } };
  const otherRegistry = { properties: { ...registry.properties, name: "unborn" } };
  const token = { properties: { name: "ci", ...TOKEN_SETTINGS } };
  const otherToken = { properties: { ...token.properties, name: "unborn" } };
  const scope = { properties: SCOPE };

  before(async () => {
    server = await RunningServer.start();
    for (const [path, body] of [
      [`/registries/${registryId}`, registry],
      [`/registries/${registryId}/tokens/${tokenId}`, token],
    ] as const) {
      const answer = await manage(server.url, "PUT", path, body);
      assert.equal(answer.status, 201, await answer.text());
    }
    scopeId = /"scopes":\[\{"id":"([^"]+)"/.exec(await everything())?.[1] ?? "";
  });
  after(() => server.stop());

  /** All that a refused request might have changed. */
  async function everything(): Promise<string> {
    const paths = ["/registries", `/registries/${registryId}/tokens`];
    const answers = await Promise.all(paths.map((path) => manage(server.url, "GET", path)));
    return (await Promise.all(answers.map((answer) => answer.text()))).join("\n");
  }

  const registries = "/registries";
  const here = () => `${registries}/${registryId}`;
  const tokenHere = () => `${here()}/tokens/${tokenId}`;
  const cases: readonly RequestCase[] = [
    {
      title: "POST a registry",
      schema: registryRequest,
      values: WHOLE_REGISTRY_VALUES,
      body: otherRegistry,
      method: "POST",
      path: () => registries,
    },
    {
      title: "PUT a new registry",
      schema: registryRequest,
      values: WHOLE_REGISTRY_VALUES,
      body: otherRegistry,
      method: "PUT",
      path: () => `${registries}/${randomUUID()}`,
    },
    {
      title: "PUT a registry",
      schema: registryRequest,
      values: WHOLE_REGISTRY_VALUES,
      body: registry,
      method: "PUT",
      path: here,
    },
    {
      title: "PATCH a registry",
      schema: registryPatch,
      values: REGISTRY_VALUES,
      body: REGISTRY_SETTINGS,
      method: "PATCH",
      path: here,
    },
    {
      title: "POST a token",
      schema: tokenRequest,
      values: WHOLE_TOKEN_VALUES,
      body: otherToken,
      method: "POST",
      path: () => `${here()}/tokens`,
    },
    {
      title: "PUT a token",
      schema: tokenRequest,
      values: WHOLE_TOKEN_VALUES,
      body: token,
      method: "PUT",
      path: tokenHere,
    },
    {
      title: "PATCH a token",
      schema: tokenPatch,
      values: TOKEN_VALUES,
      body: TOKEN_SETTINGS,
      method: "PATCH",
      path: tokenHere,
    },
    {
      title: "rotate a token",
      schema: rotateRequest,
      values: ROTATION_VALUES,
      body: { gracePeriodSeconds: 1 },
      method: "POST",
      path: () => `${tokenHere()}/rotate`,
    },
    {
      title: "POST a scope",
      schema: scopeRequest,
      values: SCOPE_VALUES,
      body: scope,
      method: "POST",
      path: () => `${tokenHere()}/scopes`,
    },
    {
      title: "PUT a scope",
      schema: scopeRequest,
      values: SCOPE_VALUES,
      body: scope,
      method: "PUT",
      path: () => `${tokenHere()}/scopes/${scopeId}`,
    },
  ];

  for (const { title, schema, values, body, method, path } of cases) {
    it(`${title}: every bad value of every field is refused and changes nothing`, async () => {
      const before = await everything();
      const { all, closedObjects } = fieldsOf(schema);
      const bodies = all
        .filter((field) => !IGNORED_FIELDS.includes(field))
        .flatMap((field) => valuesOf(values, field).map((value) => withField(body, field, value)));
      const strangers = closedObjects.map((object) =>
        withField(body, object === "" ? "unknownField" : `${object}.unknownField`, 1),
      );
      for (const bad of [...bodies, ...strangers]) {
        const codes = await refused(await manage(server.url, method, path(), bad), 400);
        assert.ok(
          codes.every((code) => CODE.test(code)),
          `${codes} for ${JSON.stringify(bad)}`,
        );
      }
      for (const bad of strangers) {
        const codes = await refused(await manage(server.url, method, path(), bad), 400);
        assert.ok(codes.includes("unknown-field"), `${codes} for ${JSON.stringify(bad)}`);
      }
      assert.equal(await everything(), before);
    });

    it(`${title}: a body that lacks a required field is refused`, async () => {
      const { all } = fieldsOf(schema);
      for (const field of all.filter((each) => !each.endsWith("[]"))) {
        const partial = JSON.parse(JSON.stringify(withField(body, field, undefined)));
        if (!schema.safeParse(partial).success) {
          await refused(await manage(server.url, method, path(), partial), 400);
        }
      }
    });
  }

  it("has rows for the fields of the requests and for no others", () => {
    for (const { title, schema, values } of cases) {
      const fields = fieldsOf(schema).all.filter((field) => !IGNORED_FIELDS.includes(field));
      assert.deepEqual(fields.map(unwrapped).sort(), Object.keys(values).sort(), title);
    }
  });
});

const CODE =
  /^(invalid-[a-z-]+|unknown-field|location-unknown|registry-immutable|push-needs-pull|expiry-too-soon)$/;

/** The values that a field must refuse: of a wrong type, out of range, unknown. */
function valuesOf(table: BadValuesTable, field: string): readonly unknown[] {
  const row = table[unwrapped(field)];
  assert.ok(row !== undefined, `bad-values.ts has no row for the field ${field}`);
  return [...row.wrongType, ...row.outOfRange];
}

function unwrapped(field: string): string {
  return field.replace(/^properties\./, "");
}
