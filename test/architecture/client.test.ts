import assert from "node:assert/strict";
import { createClient } from "@moorage/core/client/client";
import { code, codes, tableRows } from "./markdown.ts";

const PAGE = "docs/reference/typescript-client.md";

describe("the page on the TypeScript client", () => {
  it("lists every call, and no other", async () => {
    const client = createClient({ endpoint: "http://127.0.0.1:1", username: "a", password: "b" });
    const known: Record<string, readonly string[]> = { client: [] };
    for (const [name, part] of Object.entries(client)) {
      if (typeof part === "function") {
        known["client"] = [...(known["client"] ?? []), name];
      } else {
        const own = Object.getOwnPropertyNames(Object.getPrototypeOf(part));
        known[`client.${name}`] = own.filter((each) => each !== "constructor");
      }
    }
    await client.close();
    const listed = tableRows(PAGE, "TypeScript client").map(([part, calls]) => [
      code(part),
      codes(calls).sort(),
    ]);
    const expected = Object.entries(known).map(([part, calls]) => [part, [...calls].sort()]);
    assert.deepEqual(Object.fromEntries(listed), Object.fromEntries(expected));
  });
});
