import assert from "node:assert/strict";
import { type Reason, RegistryError } from "../../provider/server/src/domain/errors.ts";

/** Runs `work` and returns the reason of its refusal; `undefined` when it succeeds. Anything else that it throws goes on. */
export function refusalOf(work: () => unknown): Reason | undefined {
  try {
    work();
    return undefined;
  } catch (error) {
    if (error instanceof RegistryError) {
      return error.reason;
    }
    throw error;
  }
}

/** Fails unless `work` refuses for this reason. */
export function assertRefuses(reason: Reason, work: () => unknown, what = ""): void {
  assert.equal(refusalOf(work), reason, what || `expected to be refused with ${reason}`);
}
