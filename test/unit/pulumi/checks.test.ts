import assert from "node:assert/strict";
import { RESOURCES } from "../../../provider/pulumi/src/resources/all.ts";
import { gcSchedule } from "../../../provider/pulumi/src/resources/gc-schedule.ts";
import { registry } from "../../../provider/pulumi/src/resources/registry.ts";
import { repository } from "../../../provider/pulumi/src/resources/repository.ts";
import type { PropertyBag, Resource } from "../../../provider/pulumi/src/resources/resource.ts";
import { scope } from "../../../provider/pulumi/src/resources/scope.ts";
import { token } from "../../../provider/pulumi/src/resources/token.ts";
import { user } from "../../../provider/pulumi/src/resources/user.ts";

const NOW = new Date("2030-01-01T00:00:00Z");
const registryId = "5d1c7a52-0f3e-4a6e-9b52-0c9a3c1f0e11";
const tokenId = "0b9e4c3e-53f0-4b39-8d0b-7b3d9c0a1f22";
const valid: Record<string, PropertyBag> = {
  Registry: { resourceName: "shop", location: "de/fra" },
  Token: { resourceName: "ci", registryId },
  Scope: { resourceName: "s", registryId, tokenId, name: "*", actions: ["pull"] },
  User: { resourceName: "ops", email: "ops@moorage.example", role: "reader" },
  Repository: { resourceName: "app", registryId, name: "team/app" },
  GeneratedKeys: { resourceName: "keys" },
  GCSchedule: { resourceName: "weekly", registryId, days: ["Sunday"], time: "03:30" },
};

function reasons(
  resource: Resource,
  changes: PropertyBag,
  olds: PropertyBag = {},
  unknown: readonly string[] = [],
): string[] {
  const news = Object.fromEntries(
    Object.entries({ ...valid[resource.type], ...changes }).filter(([, v]) => v !== undefined),
  );
  const request = { olds, news, unknown: new Set(unknown), now: NOW };
  return resource.check(request).failures.map((each) => each.reason);
}

describe("checking inputs", () => {
  it("accepts what is right", () => {
    for (const resource of RESOURCES.values()) {
      assert.deepEqual(reasons(resource, {}), [], resource.type);
    }
  });

  it("says in one sentence what would be right", () => {
    const cases: [Resource, PropertyBag, RegExp][] = [
      [registry, { name: "Shop" }, /^name must be 3 to 63 lower-case letters/],
      [registry, { location: undefined }, /^location must be the id of a location/],
      [registry, { visibility: "open" }, /^visibility must be private or public$/],
      [registry, { forceDestroy: "yes" }, /^forceDestroy must be true or false$/],
      [
        registry,
        { apiSubnetAllowList: ["x"] },
        /^apiSubnetAllowList\[0\]: an entry must be an IPv4/,
      ],
      [registry, { nmae: "shop" }, /^there is no argument "nmae"; there are name, location,/],
      [token, { registryId: "shop" }, /^registryId must be the id of a registry, such as/],
      [token, { name: "1" }, /^name must be 2 to 63/],
      [token, { expiresIn: "soon" }, /^expiresIn must be a span of time such as 12h/],
      [token, { expiresIn: "59m" }, /^expiresIn must be at least 1h$/],
      [token, { expiryDate: "2029-12-31T00:00:00Z" }, /^expiryDate .* has passed/],
      [token, { expiryDate: "tomorrow" }, /^expiryDate must be a time as in RFC 3339/],
      [token, { rotateBefore: "7d" }, /^rotateBefore needs expiresIn or expiryDate/],
      [token, { expiresIn: "2h", expiryDate: "2031-01-01T00:00:00Z" }, /exclude each other/],
      [token, { status: "off" }, /^status must be enabled or disabled$/],
      [token, { rotation: "soon" }, /^rotation must be replace or in-place$/],
      [token, { rotation: "replace", name: "ci" }, /^rotation "replace" needs two tokens side by/],
      [token, { gracePeriod: "1h" }, /^gracePeriod goes with rotation "in-place"/],
      [token, { name: "ci", gracePeriod: "8d" }, /^gracePeriod must be a span of time from 0s/],
      [token, { name: "ci", gracePeriod: "soon" }, /^gracePeriod must be a span of time from 0s/],
      [user, { email: "ops" }, /^email must be an e-mail address of at most/],
      [user, { role: "boss" }, /^role must be one of owner, admin, developer, reader$/],
      [user, { password: "short" }, /^password must be text of \d+ to/],
      [user, { displayName: 1 }, /^displayName must be text/],
      [repository, { name: "Team/App" }, /^name must be a repository's name: lower-case/],
      [repository, { name: undefined }, /^name must be a repository's name: lower-case/],
      [token, { triggers: "now" }, /^triggers must be a list of values$/],
      [
        token,
        { scopes: [{ type: "repository", name: "*", actions: ["push"] }] },
        /must permit pull/,
      ],
      [scope, { actions: ["push"] }, /^a scope that permits push must permit pull too/],
      [scope, { actions: ["fly"] }, /an action must be one of|actions must be/],
      [scope, { tokenId: "ci" }, /^tokenId must be the id of a token, such as token\.tokenId$/],
      [gcSchedule, { days: [] }, /^days must name at least one day; to switch/],
      [gcSchedule, { days: ["sunday"] }, /a day must be one of Monday/],
      [gcSchedule, { time: "25:00" }, /^time must be a time of day in UTC/],
    ];
    for (const [resource, changes, expected] of cases) {
      const found = reasons(resource, changes);
      assert.equal(found.length, 1, `${JSON.stringify(changes)}: ${found.join(" | ")}`);
      assert.match(found[0] ?? "", expected);
    }
  });

  it("does not judge what is known only later", () => {
    const later = "04da6b54-80e4-46f7-96ec-b56ff0331ba9-unknown";
    assert.deepEqual(reasons(token, { registryId: later }, {}, ["registryId"]), []);
    assert.deepEqual(reasons(scope, { actions: later }, {}, ["actions"]), []);
  });

  it("refuses to switch scanning off, whether it was asked for or not", () => {
    const off = { vulnerabilityScanning: false };
    const was = { ...valid["Registry"], vulnerabilityScanning: true };
    for (const olds of [was, { ...valid["Registry"] }]) {
      assert.match(reasons(registry, off, olds)[0] ?? "", /cannot be switched off once it is on/);
    }
    assert.deepEqual(reasons(registry, off), [], "a new registry may start without");
    assert.deepEqual(reasons(registry, off, { ...was, ...off }), [], "it may stay off");
    assert.deepEqual(reasons(registry, { ...off, name: "other" }, was), [], "another one may");
  });

  it("leaves scanning as it was when it is no longer mentioned", () => {
    const olds = { ...valid["Registry"], vulnerabilityScanning: false };
    const news = valid["Registry"] ?? {};
    const { inputs } = registry.check({ olds, news, unknown: new Set(), now: NOW });
    assert.equal(inputs["vulnerabilityScanning"], false);
  });
});
