import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import type { Sample } from "../workloads/workload.ts";
import type { LoadOrder, LoadResult } from "./load-process.ts";

/** The harness's end of the load process. */
export class LoadDriver {
  readonly #process: ChildProcess;

  constructor() {
    this.#process = fork(join(import.meta.dirname, "load-process.ts"));
  }

  /** @throws Error that says what went wrong in the load process */
  async carryOut(order: LoadOrder): Promise<Sample | undefined> {
    const answered = once(this.#process, "message");
    this.#process.send(order);
    const [message] = await answered;
    const result = message as LoadResult;
    if (result.kind === "failed") {
      throw new Error(result.problem);
    }
    return result.sample;
  }

  get pid(): number | undefined {
    return this.#process.pid;
  }

  close(): void {
    this.#process.disconnect();
  }
}
