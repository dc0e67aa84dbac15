import { setTimeout as pause } from "node:timers/promises";

const INTERVAL_MILLISECONDS = 200;

/** Asks again and again until the answer is something, or the time is over. */
export async function poll<T>(
  ask: () => Promise<T | undefined>,
  millisecondsMax: number,
): Promise<T | undefined> {
  const deadline = performance.now() + millisecondsMax;
  for (;;) {
    const answer = await ask();
    if (answer !== undefined || performance.now() > deadline) return answer;
    await pause(INTERVAL_MILLISECONDS);
  }
}
