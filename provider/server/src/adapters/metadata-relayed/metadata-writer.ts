import type { MessagePort } from "node:worker_threads";
import type { MetadataStore } from "../../ports/metadata-store.ts";
import { type Call, type Outcome, RELAYED, sendableFailure } from "./write-messages.ts";

/** Carries out the writes that a worker sends, until its end of the port closes. */
export function answerWrites(port: MessagePort, metadata: MetadataStore): void {
  let gathered: Outcome[] = [];
  const answer = (outcome: Outcome) => {
    if (gathered.push(outcome) === 1) {
      // Behind the promises that the same commit settles, and before the next one stops this thread.
      process.nextTick(() => {
        port.postMessage(gathered);
        gathered = [];
      });
    }
  };
  port.on("message", (calls: readonly Call[]) => {
    for (const call of calls) {
      carryOut(metadata, call).then(
        (value) => answer({ id: call.id, kind: "done", value }),
        (error: unknown) =>
          answer({ id: call.id, kind: "failed", failure: sendableFailure(error) }),
      );
    }
  });
}

async function carryOut(metadata: MetadataStore, { store, method, args }: Call): Promise<unknown> {
  const methods: readonly string[] = RELAYED[store];
  if (!methods.includes(method)) {
    throw new Error(`${store}.${method} is not for others to call`);
  }
  return Reflect.get(metadata[store], method).apply(metadata[store], args);
}
