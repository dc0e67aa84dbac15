import assert from "node:assert/strict";
import { AUDIT_ACTIONS as IN_CONTRACT } from "@moorage/core/contract/audit-event";
import { AUDIT_ACTIONS } from "../../provider/server/src/domain/audit.ts";
import { codes, tableRows } from "./markdown.ts";

const PAGE = "docs/reference/audit-events.md";

describe("the actions of the audit log", () => {
  it("are the same in the domain and in the contract", () => {
    assert.deepEqual(IN_CONTRACT, AUDIT_ACTIONS);
  });

  it("stand on the page about it, and no others", () => {
    const explained = tableRows(PAGE, "Actions").flatMap(([actions]) => codes(actions));
    assert.deepEqual(explained.sort(), [...AUDIT_ACTIONS].sort());
  });
});
