import { expectChunkAt } from "../../../provider/server/src/domain/upload-session.ts";
import { assertRefuses } from "../../support/refusal.ts";

describe("an upload session", () => {
  it("takes a chunk that starts where its durable bytes end, and no other", () => {
    expectChunkAt({ offset: 0 }, 0);
    expectChunkAt({ offset: 7 }, 7);
    for (const start of [0, 6, 8]) {
      assertRefuses("upload-gap", () => expectChunkAt({ offset: 7 }, start), `at ${start}`);
    }
  });
});
