import { status } from "@grpc/grpc-js";
import { contextFor } from "../resources/connection.ts";
import { explained } from "../resources/explanation.ts";
import { type Context, UnfinishedError } from "../resources/resource.ts";
import type { Configuration } from "./configuration.ts";
import { RefusedCall } from "./failures.ts";

/** How much of a custom time-out goes to waiting until a resource is ready; the rest is for telling. */
const READY_SHARE = 0.9;

/** Runs what the engine asks for: with this process's settings, until a time-out or a cancellation. */
export class Operations {
  readonly #configuration: Configuration;
  readonly #cancelled = new AbortController();

  constructor(configuration: Configuration) {
    this.#configuration = configuration;
  }

  /** Aborts everything that is under way, and whatever comes after. */
  cancel(): void {
    this.#cancelled.abort();
  }

  /**
   * Runs one operation; a failure becomes a sentence that names the resource.
   * @param subject how the sentence begins
   * @param timeoutSeconds as in `customTimeouts`; 0: none
   */
  async run<Result>(
    subject: string,
    timeoutSeconds: number,
    work: (context: Context) => Promise<Result>,
  ): Promise<Result> {
    const timeout = timeoutSeconds > 0 ? AbortSignal.timeout(timeoutSeconds * 1000) : undefined;
    const signals = [this.#cancelled.signal, ...(timeout ? [timeout] : [])];
    try {
      return await work(
        contextFor(() => this.#configuration.settings(), {
          signal: AbortSignal.any(signals),
          ...(timeout && { readyMilliseconds: timeoutSeconds * 1000 * READY_SHARE }),
        }),
      );
    } catch (error) {
      if (error instanceof UnfinishedError || error instanceof RefusedCall) throw error;
      if (this.#cancelled.signal.aborted) {
        throw new RefusedCall(status.CANCELLED, `${subject}: the run was cancelled`);
      }
      if (timeout?.aborted) {
        const sentence = `${subject}: not done within the ${timeoutSeconds} s of its customTimeouts`;
        throw new RefusedCall(status.DEADLINE_EXCEEDED, sentence);
      }
      throw explained(subject, error);
    }
  }
}
