// Loaded by mocha before all tests: what they make and start is gone when they end, or the run fails and says what was left. It is also cleared
// away then; a server that went on would keep mocha waiting for ever.
import type { RootHookObject } from "mocha";

const left = new Map<string, () => Promise<void> | void>();

/** There is something to clear away; `clear` does it should nobody else. */
export function made(what: string, clear: () => Promise<void> | void): void {
  left.set(what, clear);
}

export function cleared(what: string): void {
  left.delete(what);
}

/** Clears away what is there still, of what is meant, and returns what that was. */
export async function clearLeftovers(
  isMeant: (what: string) => boolean = () => true,
): Promise<string[]> {
  const found = [...left].filter(([what]) => isMeant(what));
  for (const [what, clear] of found) {
    await clear();
    left.delete(what);
  }
  return found.map(([what]) => what);
}

export const mochaHooks: RootHookObject = {
  async afterAll() {
    const found = await clearLeftovers();
    if (found.length > 0) {
      throw new Error(`tests have left behind:\n${found.join("\n")}`);
    }
  },
};
