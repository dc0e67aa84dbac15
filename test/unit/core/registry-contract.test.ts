import assert from "node:assert/strict";
import { refusalsOf } from "@moorage/core/contract/refusals";
import { registryPatch, registryRequest } from "@moorage/core/contract/registry";

const refused = (body: unknown): string[] => {
  const outcome = registryRequest.safeParse(body);
  assert.equal(outcome.success, false, "the body must be refused");
  return refusalsOf(outcome.error).map(({ errorCode, message }) => `${errorCode}: ${message}`);
};
const withProperties = (properties: object): unknown => ({
  properties: { name: "shop", location: "de/fra", ...properties },
});

describe("the contract of registry requests", () => {
  it("fills in the contract's defaults", () => {
    assert.deepEqual(registryRequest.parse(withProperties({})).properties, {
      name: "shop",
      location: "de/fra",
      garbageCollectionSchedule: null,
      features: { vulnerabilityScanning: { enabled: true } },
      apiSubnetAllowList: [],
      visibility: "private",
      deletionProtection: false,
    });
  });

  it("keeps the spelling and order of schedules and allow-lists", () => {
    const given = {
      garbageCollectionSchedule: { days: ["Sunday", "Monday"], time: "05:19:00+00:00" },
      apiSubnetAllowList: ["2001:DB8::1", "192.0.2.7", "192.0.2.0/24"],
    };
    const { properties } = registryRequest.parse(withProperties(given));
    assert.deepEqual(properties.garbageCollectionSchedule, given.garbageCollectionSchedule);
    assert.deepEqual(properties.apiSubnetAllowList, given.apiSubnetAllowList);
  });

  it("accepts an answer that is sent back, and drops what is read-only", () => {
    const answer = {
      id: "5d1c7a52-0f3e-4a6e-9b52-0c9a3c1f0e11",
      type: "registry",
      href: "",
      metadata: {},
      properties: {
        name: "shop",
        location: "de/fra",
        hostname: "shop.cr.de-fra.example",
        endpoint: "127.0.0.1:5000/shop",
        storageUsage: { bytes: 1 },
        garbageCollection: null,
      },
    };
    assert.deepEqual(
      registryRequest.parse(answer).properties,
      registryRequest.parse(withProperties({})).properties,
    );
  });

  it("accepts days of null, as ionosctl sends them", () => {
    const schedule = { days: null, time: "01:23:00+00:00" };
    const { properties } = registryRequest.parse(
      withProperties({ garbageCollectionSchedule: schedule }),
    );
    assert.deepEqual(properties.garbageCollectionSchedule, schedule);
  });

  it("refuses an unknown field by its name", () => {
    const [message] = refused(withProperties({ colour: "red" }));
    assert.match(message ?? "", /^unknown-field: properties has the unknown field "colour"/);
    assert.match(
      refused({ name: "shop" })[0] ?? "",
      /properties must be an object with name, location/,
    );
    const evil: unknown = JSON.parse(
      '{"properties":{"name":"shop","location":"de/fra","__proto__":{"x":1},"constructor":2}}',
    );
    assert.match(refused(evil)[0] ?? "", /^unknown-field: .*"constructor"/);
  });

  it("says what would be right for every field", () => {
    const cases: [object, RegExp][] = [
      [{ name: "Shop" }, /^invalid-name: name must be 3 to 63 lower-case letters/],
      [{ name: "a".repeat(100_000) }, /^invalid-name/],
      [{ name: undefined }, /^invalid-name: name must be 3 to 63/],
      [{ location: "mars" }, /^invalid-location: location must be the id of a location/],
      [{ visibility: "secret" }, /^invalid-visibility: visibility must be private or public/],
      [{ deletionProtection: "yes" }, /^invalid-deletion-protection: .* must be true or false/],
      [{ apiSubnetAllowList: ["300.1.1.1"] }, /apiSubnetAllowList\[0\]: an entry must be an IPv4/],
      [{ apiSubnetAllowList: Array(26).fill("192.0.2.1") }, /at most 25/],
      [{ apiSubnetAllowList: null }, /^invalid-api-subnet-allow-list: apiSubnetAllowList must be/],
      [{ features: { vulnerabilityScanning: { enabled: 1 } } }, /enabled must be true or false/],
      [{ features: { other: {} } }, /^unknown-field: features has the unknown field "other"/],
      [{ garbageCollectionSchedule: { days: ["sunday"], time: "1" } }, /a day must be one of/],
      [
        { garbageCollectionSchedule: { days: ["Sunday", "Sunday"], time: "01:00" } },
        /at most once/,
      ],
      [{ garbageCollectionSchedule: { days: [], time: "24:00" } }, /time must be a time of day/],
      [{ hostname: 7 }, /^invalid-hostname: hostname is read-only/],
    ];
    for (const [properties, expected] of cases) {
      const messages = refused(withProperties(properties));
      assert.match(messages[0] ?? "", expected);
    }
    for (const body of [null, [], "x", 7, {}]) assert.equal(refused(body).length, 1);
  });

  it("reads a patch without defaults, and refuses to change a name", () => {
    assert.deepEqual(registryPatch.parse({}), {});
    assert.deepEqual(registryPatch.parse({ garbageCollectionSchedule: null }), {
      garbageCollectionSchedule: null,
    });
    assert.equal(registryPatch.safeParse({ name: "other" }).success, false);
  });
});
