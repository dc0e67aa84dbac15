import { writeFile } from "node:fs/promises";
import { parseArgs } from "node:util";
import { LoadDriver } from "./load/load-driver.ts";
import { ProcessTree } from "./process-tree.ts";
import { type Line, legendOf, problemsOf, tableOf } from "./report.ts";
import { median, runRounds } from "./rounds.ts";
import { FULL, QUICK, type Sizes } from "./sizes.ts";
import { parseTarget, TARGET_HELP } from "./targets/parse-target.ts";
import type { Target } from "./targets/target.ts";
import { WORKLOADS } from "./workloads/all.ts";

/** The figure of a start is the median of so many. */
const STARTS = 5;

const HELP = `npm run bench -- [options]
  --quick                smaller sizes, fewer rounds: a look, in less than 3 minutes
  --targets a,b,…        default: moorage,distribution; the first is compared with the others
                         (separated by spaces where a target has commas of its own)
  --only x,y,…           workloads by name or beginning of a name
  --rounds <n>
  --out <file>           also write the table there
targets:${TARGET_HELP}
workloads:
${WORKLOADS.map(({ name, title }) => `  ${name.padEnd(20)} ${title}`).join("\n")}
`;

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      quick: { type: "boolean", default: false },
      targets: { type: "string", default: "moorage,distribution" },
      only: { type: "string", default: "" },
      rounds: { type: "string" },
      out: { type: "string" },
      help: { type: "boolean", default: false },
    },
  });
  if (values.help) {
    process.stdout.write(HELP);
    return;
  }
  const basis = values.quick ? QUICK : FULL;
  const sizes: Sizes = { ...basis, rounds: Number(values.rounds ?? basis.rounds) };
  const wanted = values.only.split(",");
  const workloads = WORKLOADS.filter(({ name }) => wanted.some((start) => name.startsWith(start)));
  const starters = values.targets.split(/[ ]/.test(values.targets) ? " " : ",").map(parseTarget);
  const targets: Target[] = [];
  const driver = new LoadDriver();
  try {
    const starts = await timeStarts(starters);
    for (const start of starters) {
      targets.push(await start());
    }
    const lines: Line[] = [...idleLines(targets, starts)];
    for (const workload of workloads) {
      process.stderr.write(`${workload.name} …`);
      const results = await runRounds(workload, targets, driver, sizes);
      const figures = results.map(({ value }) => value?.toPrecision(4) ?? "—").join("  ");
      process.stderr.write(` ${figures} ${workload.unit}\n`);
      lines.push({ workload, results });
    }
    const report = `${legendOf(targets, sizes)}\n\n${tableOf(lines, targets)}\n`;
    process.stdout.write(report);
    for (const problem of problemsOf(lines)) {
      process.stderr.write(`not measured: ${problem}\n`);
    }
    if (values.out !== undefined) {
      await writeFile(values.out, report);
    }
  } finally {
    driver.close();
    await Promise.all(targets.map((target) => target.stop()));
  }
}

/** How long first starts of each take, in seconds; of none that runs already. Targets take turns. */
async function timeStarts(starters: readonly (() => Promise<Target>)[]): Promise<number[][]> {
  const seconds = starters.map((): number[] => []);
  for (let turn = 0; turn < STARTS; turn++) {
    for (const [index, start] of starters.entries()) {
      const target = await start();
      await target.stop();
      seconds[index]?.push(...(target.startSeconds === undefined ? [] : [target.startSeconds]));
    }
  }
  return seconds;
}

/** What can be told without a load: how long a start takes, and how much memory a server at rest holds. */
function idleLines(targets: readonly Target[], starts: readonly number[][]): Line[] {
  const blank = { cpuPerWork: undefined, peakMebibytes: undefined, problem: undefined };
  return [
    {
      workload: { name: "start", unit: "s", better: "lower" },
      results: targets.map(({ endpoint }, index) => ({
        ...blank,
        target: endpoint.name,
        value: median(starts[index] ?? []),
      })),
    },
    {
      workload: { name: "memory-idle", unit: "MiB", better: "lower" },
      results: targets.map(({ endpoint, pid }) => ({
        ...blank,
        target: endpoint.name,
        value: pid === undefined ? undefined : new ProcessTree(pid).residentMebibytes(),
      })),
    },
  ];
}

main().catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exit(1);
});
