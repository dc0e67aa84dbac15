import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import {
  API_ANSWERS,
  FAULT,
  FRAMEWORK_ANSWERS,
} from "../../provider/server/src/http/wire/api-errors.ts";
import { OCI_ANSWERS } from "../../provider/server/src/http/wire/oci-errors.ts";

const DOCUMENT = "docs/reference/errors.md";

/** Rows of the first table below a heading, as the texts of their cells, without the head. */
async function tableBelow(heading: string): Promise<string[][]> {
  const text = await readFile(new URL(`../../${DOCUMENT}`, import.meta.url), "utf8");
  const section = text.split(/^## /m).find((part) => part.startsWith(`${heading}\n`));
  assert.ok(section !== undefined, `${DOCUMENT} has no section "${heading}"`);
  return section
    .split("\n")
    .filter((line) => line.startsWith("| "))
    .slice(2)
    .map((line) =>
      line
        .split("|")
        .slice(1, -1)
        .map((cell) => cell.trim()),
    );
}

describe("the page on errors", () => {
  it("lists every refusal with its answers on both APIs, and no other", async () => {
    const listed = (await tableBelow("Refusals")).map(([reason, , management, distribution]) => [
      reason,
      management,
      distribution,
    ]);
    const reasons = Object.keys(API_ANSWERS) as (keyof typeof API_ANSWERS)[];
    const expected = reasons.map((reason) => {
      const { status, code } = OCI_ANSWERS[reason];
      const management = API_ANSWERS[reason];
      assert.equal(management.errorCode, reason, "the page calls both by one name");
      return [`\`${reason}\``, String(management.status), `${status} \`${code}\``];
    });
    assert.deepEqual(listed, expected);
  });

  it("explains every refusal", async () => {
    for (const [reason, meaning = ""] of await tableBelow("Refusals")) {
      assert.ok(meaning.length > 10, `${reason} has no explanation`);
    }
  });

  it("lists what the HTTP layer and faults answer on the management API", async () => {
    const listed = (await tableBelow("Before and beside the rules")).map(([code, status]) => ({
      code,
      status,
    }));
    const answers = [...Object.values(FRAMEWORK_ANSWERS), FAULT];
    const known = new Map<string, number>(
      answers
        .filter(({ errorCode }) => !Object.hasOwn(API_ANSWERS, errorCode))
        .map(({ errorCode, status }) => [`\`${errorCode}\``, status]),
    );
    assert.deepEqual(
      listed,
      [...known].map(([code, status]) => ({ code, status: String(status) })),
    );
  });
});
