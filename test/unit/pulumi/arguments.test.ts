import assert from "node:assert/strict";
import type * as face from "@moorage/pulumi";
import type * as pulumi from "@pulumi/pulumi";
import { z } from "zod";
import { RESOURCES } from "../../../provider/pulumi/src/resources/all.ts";
import type { gcScheduleInputs } from "../../../provider/pulumi/src/resources/gc-schedule.ts";
import type { registryInputs } from "../../../provider/pulumi/src/resources/registry.ts";
import type { repositoryInputs } from "../../../provider/pulumi/src/resources/repository.ts";
import type { scopeInputs } from "../../../provider/pulumi/src/resources/scope.ts";
import type { tokenInputs } from "../../../provider/pulumi/src/resources/token-inputs.ts";
import type { userInputs } from "../../../provider/pulumi/src/resources/user.ts";
import { readPackage } from "../../../tools/faces/package-spec.ts";

/** Whether what the provider checks inputs with takes what the class takes, and the class takes what it takes. */
type Says<Args, Schema extends z.ZodType, But extends string = never> = [Given<Args, But>] extends [
  Checked<Schema, But>,
]
  ? [Checked<Schema, But>] extends [Given<Args, But>]
    ? true
    : false
  : false;
type Given<Args, But extends string> = Omit<{ [Key in keyof Args]: pulumi.Unwrap<Args[Key]> }, But>;
type Checked<Schema extends z.ZodType, But extends string> = Omit<
  z.input<Schema>,
  "resourceName" | But
>;
// A scope of the API may also have an id, which programs do not give; and Pulumi's `Unwrap` makes `never` of `unknown`.
type TokenScopes = z.input<typeof tokenInputs>["scopes"];

// Compared by `npm run types`: types, what may be left out, and lists of words.
const agreements: Record<string, true> = {
  Registry: true satisfies Says<face.RegistryArgs, typeof registryInputs>,
  Token: true satisfies Says<face.TokenArgs, typeof tokenInputs, "scopes" | "triggers"> &
    (pulumi.Unwrap<face.TokenArgs["scopes"]> extends TokenScopes ? true : false),
  Scope: true satisfies Says<face.ScopeArgs, typeof scopeInputs>,
  GCSchedule: true satisfies Says<face.GCScheduleArgs, typeof gcScheduleInputs>,
  Repository: true satisfies Says<face.RepositoryArgs, typeof repositoryInputs>,
  User: true satisfies Says<face.UserArgs, typeof userInputs>,
  // It takes none.
  GeneratedKeys: true,
};
const disagreement = false satisfies Says<face.ScopeArgs, typeof gcScheduleInputs>;

describe("the arguments of classes", () => {
  const { resources } = readPackage();

  it("are what the provider checks them for", () => {
    assert.deepEqual(Object.keys(agreements), [...RESOURCES.keys()]);
    assert.equal(disagreement, false);
  });

  for (const [type, { inputs, secrets }] of RESOURCES) {
    it(`of ${type} say what applies where a program leaves one out`, () => {
      const described = resources[`moorage:index:${type}`]?.inputProperties ?? {};
      for (const [name, schema] of Object.entries(inputs.shape)) {
        if (!(schema instanceof z.ZodDefault)) continue;
        const said = described[name]?.description ?? "";
        const { defaultValue } = schema.def;
        const isEmpty = defaultValue === "" || JSON.stringify(defaultValue) === "[]";
        assert.match(said, /\bdefault\b/, name);
        assert.ok(said.includes(isEmpty ? "mpty" : String(defaultValue)), `${name}: ${said}`);
      }
    });

    it(`of ${type} are secret where its outputs are`, () => {
      const described = resources[`moorage:index:${type}`];
      const given = Object.entries(described?.inputProperties ?? {});
      const secret = given.filter(([, each]) => each.secret).map(([name]) => name);
      assert.deepEqual(
        secret,
        secrets.filter((name) => name in inputs.shape),
      );
      const kept = Object.entries(described?.properties ?? {});
      const hidden = kept.filter(([, each]) => each.secret).map(([name]) => name);
      assert.deepEqual(hidden.sort(), [...secrets].sort());
    });
  }
});
