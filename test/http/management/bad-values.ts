/** What a field refuses. A field of two values, or of any length, has nothing out of range. */
export interface BadValues {
  readonly wrongType: readonly unknown[];
  readonly outOfRange: readonly unknown[];
}

/** By field: as in the request, without the wrapping `properties.`. */
export type BadValuesTable = Readonly<Record<string, BadValues>>;

/** Members that an answer carries around `properties`: they may be sent back, and are not used. */
export const IGNORED_FIELDS = ["id", "type", "href", "metadata"];

const NO_TEXT = [null, 1, true, {}, ["text"]];
const NO_OPTIONAL_TEXT = NO_TEXT.slice(1);
const NO_TRUTH = [null, 0, 1, "true", "", {}, []];
const NO_OBJECT = [1, true, "text", []];
const NO_LIST = [1, true, "text", {}];
const LONG = "a".repeat(100_000);

const PROPERTIES: BadValuesTable = {
  properties: { wrongType: [null, ...NO_OBJECT], outOfRange: [{}] },
};

export const REGISTRY_VALUES: BadValuesTable = {
  garbageCollectionSchedule: { wrongType: NO_OBJECT, outOfRange: [{}, { time: "01:00:00Z" }] },
  "garbageCollectionSchedule.days": {
    wrongType: NO_LIST,
    outOfRange: [["Sunday", "Sunday"], Array<string>(8).fill("Monday")],
  },
  "garbageCollectionSchedule.days[]": {
    wrongType: NO_TEXT,
    outOfRange: ["", "sunday", "SUNDAY", "Sun", "Caturday", "Sunday "],
  },
  "garbageCollectionSchedule.time": {
    wrongType: NO_TEXT,
    outOfRange: ["", "24:00:00Z", "12:60:00Z", "1:00", "noon", "12:00:00+24:00", LONG],
  },
  "garbageCollectionSchedule.deleteUntagged": { wrongType: NO_TRUTH, outOfRange: [] },
  features: { wrongType: [null, ...NO_OBJECT], outOfRange: [] },
  "features.vulnerabilityScanning": { wrongType: [null, ...NO_OBJECT], outOfRange: [{}] },
  "features.vulnerabilityScanning.enabled": { wrongType: NO_TRUTH, outOfRange: [] },
  "features.vulnerabilityScanning.properties": { wrongType: [null, ...NO_OBJECT], outOfRange: [] },
  apiSubnetAllowList: {
    wrongType: [null, ...NO_LIST],
    outOfRange: [Array.from({ length: 26 }, (_, index) => `192.0.2.${index}`)],
  },
  "apiSubnetAllowList[]": {
    wrongType: NO_TEXT,
    outOfRange: ["", "256.0.0.1", "10.0.0.0/33", "::1/129", "example.com", " 10.0.0.1", "*", LONG],
  },
  visibility: { wrongType: NO_TEXT, outOfRange: ["", "Public", "internal"] },
  deletionProtection: { wrongType: NO_TRUTH, outOfRange: [] },
};

export const WHOLE_REGISTRY_VALUES: BadValuesTable = {
  ...PROPERTIES,
  ...REGISTRY_VALUES,
  name: {
    wrongType: NO_TEXT,
    outOfRange: ["", "ab", "1ab", "-ab", "ab-", "a_b", "a b", "Abc", "a\u0000b", "äbc", LONG],
  },
  location: {
    wrongType: NO_TEXT,
    outOfRange: ["", "de", "de/", "/fra", "de-fra", "DE/FRA", "de/fra/1", "xx/yyy", LONG],
  },
  hostname: { wrongType: NO_TEXT, outOfRange: [] },
  endpoint: { wrongType: NO_TEXT, outOfRange: [] },
  port: { wrongType: [null, "5000", {}, []], outOfRange: [] },
  storageUsage: { wrongType: NO_OBJECT, outOfRange: [] },
  garbageCollection: { wrongType: NO_OBJECT, outOfRange: [] },
};

const SCOPE_FIELDS: BadValuesTable = {
  id: { wrongType: NO_TEXT, outOfRange: [] },
  type: { wrongType: NO_TEXT, outOfRange: ["", "Repository", "image"] },
  name: { wrongType: NO_TEXT, outOfRange: ["", "a b", "-", "/a", "a\u0000", "a".repeat(257)] },
  actions: { wrongType: NO_LIST, outOfRange: [["push"], ["pull", "pull"], ["write"]] },
  "actions[]": { wrongType: NO_TEXT, outOfRange: ["", "Pull", "pull,push", "**"] },
};

export const SCOPE_VALUES: BadValuesTable = { ...PROPERTIES, ...SCOPE_FIELDS };

export const TOKEN_VALUES: BadValuesTable = {
  expiryDate: {
    wrongType: NO_OPTIONAL_TEXT,
    outOfRange: [
      "",
      "tomorrow",
      "2099-01-01",
      "2099-02-30T00:00:00Z",
      "2099-01-01T25:00:00Z",
      "2099-01-01T00:00:00",
      "1999-01-01T00:00:00Z",
      LONG,
    ],
  },
  scopes: {
    wrongType: NO_LIST,
    outOfRange: [Array<object>(101).fill({ type: "repository", name: "a", actions: ["pull"] })],
  },
  "scopes[]": { wrongType: [null, ...NO_OBJECT], outOfRange: [{}] },
  ...Object.fromEntries(
    Object.entries(SCOPE_FIELDS).map(([field, values]) => [`scopes[].${field}`, values]),
  ),
  status: { wrongType: NO_TEXT, outOfRange: ["", "Enabled", "paused"] },
  oneTime: { wrongType: NO_TRUTH, outOfRange: [] },
  description: { wrongType: NO_TEXT, outOfRange: ["a".repeat(257), "a\u0000b", "\ud800", LONG] },
};

export const WHOLE_TOKEN_VALUES: BadValuesTable = {
  ...PROPERTIES,
  ...TOKEN_VALUES,
  name: {
    wrongType: NO_TEXT,
    outOfRange: ["", "a", "1ab", "-ab", "ab-", "a_b", "a b", "a:b", "a\u0000b", "äbc", LONG],
  },
  credentials: { wrongType: NO_OBJECT, outOfRange: [] },
  lastUsedAt: { wrongType: NO_OPTIONAL_TEXT, outOfRange: [] },
};

export const ROTATION_VALUES: BadValuesTable = {
  gracePeriodSeconds: {
    wrongType: [null, "60", true, {}, []],
    outOfRange: [-1, 604_801, 1.5, 1e300],
  },
};
