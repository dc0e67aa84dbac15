import assert from "node:assert/strict";
import { repositoryArtifactsQuery } from "@moorage/core/contract/artifact";
import { garbageCollectionRequest } from "@moorage/core/contract/garbage-collection";
import { refusalsOf } from "@moorage/core/contract/refusals";
import { repositoriesQuery } from "@moorage/core/contract/repository";
import { treeQuery } from "@moorage/core/contract/tree";
import { userPatch, userRequest } from "@moorage/core/contract/user";
import { vulnerabilitiesQuery } from "@moorage/core/contract/vulnerability";
import type { z } from "zod";

function refused(schema: z.ZodType, value: unknown): string {
  const outcome = schema.safeParse(value);
  if (outcome.success) assert.fail(`accepted ${JSON.stringify(value)}`);
  return refusalsOf(outcome.error)
    .map(({ errorCode, message }) => `${errorCode}: ${message}`)
    .join("\n");
}

describe("the contract of content lists", () => {
  it("has the contract's default orders", () => {
    assert.equal(repositoriesQuery.parse({}).orderBy, "-lastPush");
    assert.equal(repositoryArtifactsQuery.parse({}).orderBy, "-lastPush");
    assert.equal(vulnerabilitiesQuery.parse({}).orderBy, "-score");
  });

  it("orders by what the contract names, up and down, and by nothing else", () => {
    assert.equal(
      repositoryArtifactsQuery.parse({ orderBy: "-vulnTotalScore" }).orderBy,
      "-vulnTotalScore",
    );
    assert.match(
      refused(repositoriesQuery, { orderBy: "-name" }),
      /^invalid-order-by: orderBy must/,
    );
    assert.match(refused(vulnerabilitiesQuery, { orderBy: "id" }), /^invalid-order-by: /);
  });

  it("tells true, false and no filter apart", () => {
    assert.equal(vulnerabilitiesQuery.parse({ "filter.fixable": "false" }).fixableFilter, false);
    assert.equal(vulnerabilitiesQuery.parse({ "filter.fixable": "true" }).fixableFilter, true);
    assert.equal(vulnerabilitiesQuery.parse({}).fixableFilter, undefined);
    assert.match(
      refused(vulnerabilitiesQuery, { "filter.fixable": "1" }),
      /^invalid-filter-fixable/,
    );
  });

  it("walks folders only", () => {
    assert.equal(treeQuery.parse({ path: "team/app/" }).path, "team/app/");
    for (const path of ["team", "/", "../", "Team/", "a//"]) {
      assert.match(refused(treeQuery, { path }), /^invalid-path: path must be empty or a folder/);
    }
  });
});

describe("the contract of the organization's requests", () => {
  it("runs a garbage collection that deletes, unless it is a trial", () => {
    assert.deepEqual(garbageCollectionRequest.parse({}), { dryRun: false });
    assert.match(refused(garbageCollectionRequest, { dryRun: "yes" }), /^invalid-dry-run: /);
  });

  it("names users by e-mail, and never changes that", () => {
    const properties = { email: "ops@example.test", role: "admin" };
    assert.deepEqual(userRequest.parse({ properties }).properties, properties);
    for (const email of ["ops", "a:b@c", "a b@c", `${"x".repeat(250)}@test`, ""]) {
      assert.match(
        refused(userRequest, { properties: { ...properties, email } }),
        /^invalid-email/,
      );
    }
    assert.match(
      refused(userRequest, { properties: { ...properties, role: "root" } }),
      /role must/,
    );
    assert.match(
      refused(userRequest, { properties: { ...properties, password: "short" } }),
      /12 to/,
    );
    assert.match(refused(userPatch, { email: "new@example.test" }), /^invalid-email: /);
  });
});
