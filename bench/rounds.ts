import type { LoadDriver } from "./load/load-driver.ts";
import { ProcessTree } from "./process-tree.ts";
import type { Sizes } from "./sizes.ts";
import type { Target } from "./targets/target.ts";
import type { Workload } from "./workloads/workload.ts";

/** What one workload has shown of one target. */
export interface Result {
  readonly target: string;
  /** Median over the rounds; absent when it failed. */
  readonly value: number | undefined;
  readonly cpuPerWork: number | undefined;
  readonly peakMebibytes: number | undefined;
  readonly problem: string | undefined;
}

interface Round {
  readonly value: number;
  readonly cpuPerWork: number | undefined;
  readonly peakMebibytes: number | undefined;
}

/**
 * Runs one workload on all targets: each is prepared and warmed up, then they take turns (A B A B), so that what else the machine
 * does hits them alike.
 */
export async function runRounds(
  workload: Workload,
  targets: readonly Target[],
  driver: LoadDriver,
  sizes: Sizes,
): Promise<Result[]> {
  const problems = new Map<Target, string>();
  const rounds = new Map<Target, Round[]>();
  const attempt = async (target: Target, work: () => Promise<void>) => {
    if (problems.has(target)) {
      return;
    }
    try {
      await work();
    } catch (error) {
      problems.set(target, error instanceof Error ? error.message : String(error));
    }
  };
  for (const target of targets) {
    const order = { workload: workload.name, endpoint: target.endpoint, sizes };
    await attempt(target, async () => {
      await driver.carryOut({ ...order, phase: "prepare" });
      await driver.carryOut({ ...order, phase: "warm-up" });
    });
  }
  for (let round = 0; round < sizes.rounds; round++) {
    for (const target of targets) {
      await attempt(target, async () => {
        const measured = await measureOnce(workload, target, driver, sizes);
        rounds.set(target, [...(rounds.get(target) ?? []), measured]);
      });
    }
  }
  return targets.map((target) => ({
    target: target.endpoint.name,
    problem: problems.get(target),
    ...mediansOf(rounds.get(target) ?? []),
  }));
}

async function measureOnce(
  workload: Workload,
  target: Target,
  driver: LoadDriver,
  sizes: Sizes,
): Promise<Round> {
  const tree = target.pid === undefined ? undefined : new ProcessTree(target.pid);
  const cpuBefore = tree?.cpuSeconds() ?? 0;
  tree?.startWatching();
  const order = { phase: "measure", workload: workload.name, endpoint: target.endpoint, sizes };
  const sample = await driver.carryOut({ ...order, phase: "measure" }).finally(() => {
    tree?.stopWatching();
  });
  if (sample === undefined) {
    throw new Error(`there is no workload ${workload.name}`);
  }
  return {
    value: sample.value,
    cpuPerWork: tree && (tree.cpuSeconds() - cpuBefore) / sample.work,
    peakMebibytes: tree?.stopWatching(),
  };
}

function mediansOf(rounds: readonly Round[]) {
  const peaks = rounds.flatMap(({ peakMebibytes }) => peakMebibytes ?? []);
  return {
    value: median(rounds.map(({ value }) => value)),
    cpuPerWork: median(rounds.flatMap(({ cpuPerWork }) => cpuPerWork ?? [])),
    peakMebibytes: peaks.length === 0 ? undefined : Math.max(...peaks),
  };
}

/** Absent where there are none. */
export function median(values: readonly number[]): number | undefined {
  const ascending = values.toSorted((a, b) => a - b);
  const middle = Math.floor(ascending.length / 2);
  const high = ascending[middle];
  const low = ascending.length % 2 === 0 ? ascending[middle - 1] : high;
  return high === undefined || low === undefined ? undefined : (high + low) / 2;
}
