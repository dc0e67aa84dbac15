import assert from "node:assert/strict";
import { registryArtifactsQuery, repositoryArtifactsQuery } from "@moorage/core/contract/artifact";
import { auditEventsQuery } from "@moorage/core/contract/audit-event";
import { credentialsQuery } from "@moorage/core/contract/credentials";
import { garbageCollectionRequest } from "@moorage/core/contract/garbage-collection";
import { registriesQuery } from "@moorage/core/contract/pages";
import { refusalsOf } from "@moorage/core/contract/refusals";
import { registryPatch, registryRequest } from "@moorage/core/contract/registry";
import { repositoriesQuery } from "@moorage/core/contract/repository";
import { rotateRequest } from "@moorage/core/contract/rotate";
import { weeklyStarts } from "@moorage/core/contract/schedule";
import { scopeRequest } from "@moorage/core/contract/scope";
import { formatTimestamp, requestTimestamp } from "@moorage/core/contract/timestamp";
import { tokenPatch, tokenRequest } from "@moorage/core/contract/token";
import { treeQuery } from "@moorage/core/contract/tree";
import { userPatch, userRequest } from "@moorage/core/contract/user";
import { vulnerabilitiesQuery } from "@moorage/core/contract/vulnerability";
import fc from "fast-check";
import type { z } from "zod";

const requests: Record<string, z.ZodType> = {
  registryRequest,
  registryPatch,
  tokenRequest,
  tokenPatch,
  scopeRequest,
  rotateRequest,
  registriesQuery,
  repositoriesQuery,
  registryArtifactsQuery,
  repositoryArtifactsQuery,
  vulnerabilitiesQuery,
  garbageCollectionRequest,
  userRequest,
  userPatch,
  auditEventsQuery,
  credentialsQuery,
  treeQuery,
};

/** Bodies that look like requests, with anything as their values. */
const fields = [
  ...["properties", "name", "location", "scopes", "expiryDate", "status", "type", "actions"],
  ...["features", "garbageCollectionSchedule", "days", "time", "apiSubnetAllowList", "__proto__"],
];
const body = fc.letrec((tie) => ({
  body: fc.oneof(
    { depthSize: "small" },
    fc.jsonValue(),
    fc.dictionary(fc.constantFrom(...fields), tie("body"), { maxKeys: 6 }),
    fc.array(tie("body"), { maxLength: 3 }),
  ),
})).body;

describe("the contract's schemas", () => {
  for (const [name, schema] of Object.entries(requests)) {
    it(`never throw, and say something of whatever they refuse: ${name}`, () => {
      fc.assert(
        fc.property(body, (value) => {
          const outcome = schema.safeParse(value);
          if (outcome.success) return;
          const messages = refusalsOf(outcome.error);
          assert.ok(messages.length > 0);
          for (const { errorCode, message } of messages) {
            assert.match(errorCode, /^[a-z0-9_]+(?:-[a-z0-9_]+)*$/);
            assert.match(message, / (?:must|has|that) /);
            assert.doesNotMatch(message, /^Invalid|expected .* received/);
          }
        }),
      );
    });
  }

  it("accept every moment, in every offset, and keep it", () => {
    const schema = requestTimestamp("expiryDate");
    const moment = fc.date({
      min: new Date("1971-01-01T00:00:00Z"),
      max: new Date("9998-12-31T00:00:00Z"),
      noInvalidDate: true,
    });
    const minutes = fc.integer({ min: -23 * 60 - 59, max: 23 * 60 + 59 });
    fc.assert(
      fc.property(moment, minutes, (date, ahead) => {
        assert.equal(schema.parse(withOffset(date, ahead)), formatTimestamp(date));
      }),
    );
  });

  it("put every schedule's starts into the week, one for each day", () => {
    const days = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"];
    const two = (max: number): fc.Arbitrary<string> =>
      fc.integer({ min: 0, max }).map((n) => String(n).padStart(2, "0"));
    const offset = fc.oneof(
      fc.constantFrom("", "Z"),
      fc.tuple(fc.constantFrom("+", "-"), two(23), two(59)).map(([s, h, m]) => `${s}${h}:${m}`),
    );
    const schema = registryPatch;
    fc.assert(
      fc.property(fc.subarray(days), two(23), two(59), offset, (some, hour, minute, zone) => {
        const garbageCollectionSchedule = { days: some, time: `${hour}:${minute}${zone}` };
        const parsed = schema.parse({ garbageCollectionSchedule }).garbageCollectionSchedule;
        assert.ok(parsed);
        const starts = weeklyStarts(parsed);
        assert.equal(new Set(starts).size, some.length);
        assert.ok(starts.every((start) => start >= 0 && start < 7 * 86_400));
      }),
    );
  });
});

function withOffset(date: Date, minutesAhead: number): string {
  const local = new Date(date.getTime() + minutesAhead * 60_000).toISOString().slice(0, -1);
  const [hours, minutes] = [Math.trunc(Math.abs(minutesAhead) / 60), Math.abs(minutesAhead) % 60];
  const sign = minutesAhead < 0 ? "-" : "+";
  return `${local}${sign}${String(hours).padStart(2, "0")}:${String(minutes).padStart(2, "0")}`;
}
