import { readdirSync, readFileSync } from "node:fs";

/** `USER_HZ`: what /proc counts CPU time in. */
const TICKS_PER_SECOND = 100;
const SAMPLE_MILLISECONDS = 50;
const MIB_IN_KIB = 1024;

/** CPU seconds and memory of a process and its descendants, from /proc. */
export class ProcessTree {
  readonly #root: number;
  #peakMebibytes = 0;
  #timer: NodeJS.Timeout | undefined;

  constructor(root: number) {
    this.#root = root;
  }

  cpuSeconds(): number {
    return processesBelow(this.#root).reduce((sum, pid) => sum + cpuSecondsOf(pid), 0);
  }

  /** Resident memory. Text that processes share counts once for each of them, which is unfair to none but honest to no one. */
  residentMebibytes(): number {
    return processesBelow(this.#root).reduce((sum, pid) => sum + residentMebibytesOf(pid), 0);
  }

  startWatching(): void {
    this.#peakMebibytes = this.residentMebibytes();
    this.#timer = setInterval(() => {
      this.#peakMebibytes = Math.max(this.#peakMebibytes, this.residentMebibytes());
    }, SAMPLE_MILLISECONDS);
  }

  /** Returns the highest memory seen. */
  stopWatching(): number {
    clearInterval(this.#timer);
    return this.#peakMebibytes;
  }
}

/** A process and its descendants, as they are now. */
export function processesBelow(root: number): number[] {
  const children = new Map<number, number[]>();
  for (const name of readdirSync("/proc")) {
    const pid = Number(name);
    const parent = Number.isInteger(pid) ? statOf(pid)[1] : undefined;
    if (parent !== undefined) {
      children.set(Number(parent), [...(children.get(Number(parent)) ?? []), pid]);
    }
  }
  const tree: number[] = [];
  const waiting = [root];
  for (let pid = waiting.pop(); pid !== undefined; pid = waiting.pop()) {
    tree.push(pid);
    waiting.push(...(children.get(pid) ?? []));
  }
  return tree;
}

/** Fields of /proc/<pid>/stat from the state on; the name before may hold anything. Empty once the process is gone. */
function statOf(pid: number): string[] {
  const text = read(`/proc/${pid}/stat`);
  return text === "" ? [] : text.slice(text.lastIndexOf(")") + 2).split(" ");
}

export function cpuSecondsOf(pid: number): number {
  const fields = statOf(pid);
  return (Number(fields[11] ?? 0) + Number(fields[12] ?? 0)) / TICKS_PER_SECOND;
}

export function residentMebibytesOf(pid: number): number {
  const resident = /^VmRSS:\s*(\d+) kB/m.exec(read(`/proc/${pid}/status`))?.[1];
  return Number(resident ?? 0) / MIB_IN_KIB;
}

export function commandLineOf(pid: number): string {
  return read(`/proc/${pid}/cmdline`).replaceAll("\0", " ");
}

function read(path: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return "";
  }
}
