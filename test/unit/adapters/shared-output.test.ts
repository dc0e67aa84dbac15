import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";

const PROGRAM = join(import.meta.dirname, "../../support/sharing-threads.ts");

/** How many lines came of each thread, each whole and in its order. */
async function linesOf(threads: number, lines: number, end: "close" | "die"): Promise<number[]> {
  const args = [PROGRAM, String(threads), String(lines), end];
  const child = spawn(process.execPath, args, { stdio: ["ignore", "pipe", "inherit"] });
  const closed = once(child, "close");
  const chunks = await child.stdout.setEncoding("utf8").toArray();
  await closed;
  assert.equal(child.exitCode, 0);
  const next = new Map<number, number>();
  for (const text of chunks.join("").trimEnd().split("\n")) {
    const { threadId, line } = JSON.parse(text) as { threadId: number; line: number };
    assert.equal(line, next.get(threadId) ?? 0);
    next.set(threadId, line + 1);
  }
  return [...next.values()];
}

describe("standard output that threads share", () => {
  it("has every line of each thread, whole and in its order", async () => {
    assert.deepEqual(await linesOf(3, 2000, "close"), [2000, 2000, 2000]);
  });

  it("has the last lines of a thread that dies", async () => {
    assert.deepEqual(await linesOf(1, 20, "die"), [20]);
  });
});
