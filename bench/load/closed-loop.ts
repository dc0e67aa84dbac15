/** What a measurement has counted. */
export interface Counted {
  /** What was done: requests, images, bytes. */
  readonly amount: number;
  readonly seconds: number;
  /** Of single operations, ascending. */
  readonly milliseconds: readonly number[];
}

export interface LoopLimit {
  readonly seconds?: number;
  readonly operations?: number;
}

/**
 * Each worker begins its next operation when its last one has ended, until one of the limits is reached. `operate` returns what it
 * adds to the amount.
 */
export async function closedLoop<Worker>(
  workers: readonly Worker[],
  limit: LoopLimit,
  operate: (worker: Worker, index: number) => Promise<number>,
): Promise<Counted> {
  const milliseconds: number[] = [];
  const { seconds = Number.POSITIVE_INFINITY, operations = Number.POSITIVE_INFINITY } = limit;
  let next = 0;
  let amount = 0;
  const startedAt = performance.now();
  const endAt = startedAt + seconds * 1000;
  await Promise.all(
    workers.map(async (worker) => {
      while (next < operations) {
        const begunAt = performance.now();
        if (begunAt >= endAt) {
          return;
        }
        // Not `amount += await …`, which would add to what the amount was before the wait.
        const added = await operate(worker, next++);
        amount += added;
        milliseconds.push(performance.now() - begunAt);
      }
    }),
  );
  const elapsed = (performance.now() - startedAt) / 1000;
  return { amount, seconds: elapsed, milliseconds: milliseconds.sort((a, b) => a - b) };
}

/** A percentile of ascending values. */
export function percentile(ascending: readonly number[], percent: number): number {
  const index = Math.min(ascending.length - 1, Math.floor((ascending.length * percent) / 100));
  return ascending[index] ?? Number.NaN;
}
