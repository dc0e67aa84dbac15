import { setTimeout as sleep } from "node:timers/promises";

/** Asks again until the answer is not `undefined`; fails with `what` when that takes longer than the deadline. */
export async function eventually<T>(
  what: string,
  ask: () => Promise<T | undefined>,
  secondsMax = 30,
): Promise<T> {
  const deadline = Date.now() + secondsMax * 1000;
  for (;;) {
    const answer = await ask();
    if (answer !== undefined) {
      return answer;
    }
    if (Date.now() > deadline) {
      throw new Error(`waited ${secondsMax} s in vain for ${what}`);
    }
    await sleep(20);
  }
}
