import { cpus } from "node:os";
import type { Result } from "./rounds.ts";
import type { Sizes } from "./sizes.ts";
import type { Target } from "./targets/target.ts";
import type { Workload } from "./workloads/workload.ts";

export interface Line {
  readonly workload: Pick<Workload, "name" | "unit" | "better" | "workUnit">;
  readonly results: readonly Result[];
}

/** The results as Markdown: a line a workload, two columns a target; ratios are the first target's figure to the others'. */
export function tableOf(lines: readonly Line[], targets: readonly Target[]): string {
  const names = targets.map(({ endpoint }) => endpoint.name);
  const [first = "", ...others] = names;
  const header = [
    "workload",
    "unit",
    ...names,
    ...others.map((name) => `${first} / ${name}`),
    ...names.map((name) => `CPU s: ${name}`),
    ...names.map((name) => `peak MiB: ${name}`),
  ];
  const rows = lines.map(({ workload, results }) => {
    const [own, ...peers] = results;
    return [
      workload.name,
      workload.unit,
      ...results.map(({ value }) => figure(value)),
      ...peers.map((peer) => ratio(own?.value, peer.value)),
      ...results.map(({ cpuPerWork }) => cpuFigure(cpuPerWork, workload.workUnit)),
      ...results.map(({ peakMebibytes }) => figure(peakMebibytes)),
    ];
  });
  const divider = header.map((_, index) => (index < 2 ? "---" : "---:"));
  return [header, divider, ...rows].map((cells) => `| ${cells.join(" | ")} |`).join("\n");
}

export function legendOf(targets: readonly Target[], sizes: Sizes): string {
  const model = cpus()[0]?.model ?? "unknown";
  const lines = targets.map(({ endpoint, description }) => `* ${endpoint.name}: ${description}`);
  return [
    `Medians of ${sizes.rounds} rounds, targets in turn; ${cpus().length} cores (${model}), loopback, the client on the same cores; Node ${process.version}.`,
    "CPU seconds and peak memory are of the server's process tree.",
    "",
    ...lines,
  ].join("\n");
}

/** What did not run, and why. */
export function problemsOf(lines: readonly Line[]): string[] {
  return lines.flatMap(({ workload, results }) =>
    results.flatMap(({ target, problem }) =>
      problem === undefined ? [] : [`${workload.name} on ${target}: ${problem}`],
    ),
  );
}

function figure(value: number | undefined): string {
  if (value === undefined) {
    return "—";
  }
  return value >= 100 ? value.toFixed(0) : value.toPrecision(3);
}

function ratio(own: number | undefined, peer: number | undefined): string {
  return own === undefined || peer === undefined ? "—" : (own / peer).toFixed(2);
}

function cpuFigure(value: number | undefined, unit: string | undefined): string {
  return value === undefined || unit === undefined ? "—" : `${value.toFixed(2)}/${unit}`;
}
