import assert from "node:assert/strict";
import type { MessagePort } from "node:worker_threads";
import { RegistryError } from "../../domain/errors.ts";
import { DATABASE_RETRY_AFTER_SECONDS } from "../../domain/limits.ts";
import { replacing } from "../../domain/replacing.ts";
import type { MetadataStore } from "../../ports/metadata-store.ts";
import {
  type Call,
  type Outcome,
  RELAYED,
  type RelayedStore,
  receivedFailure,
} from "./write-messages.ts";

/** Sends writes to the thread that writes for all workers, and settles them when it has. */
export class WriteRelay {
  readonly #port: MessagePort;
  readonly #pending = new Map<number, PromiseWithResolvers<unknown>>();
  #gathered: Call[] = [];
  #lastId = 0;
  #isClosed = false;
  #idle: PromiseWithResolvers<void> | undefined;

  constructor(port: MessagePort) {
    this.#port = port;
    port.on("message", (outcomes: readonly Outcome[]) => this.#settle(outcomes));
    port.once("close", () => this.#end());
  }

  /** A metadata store that writes through the relay. Where that has closed, it writes for itself. */
  through(inner: MetadataStore): MetadataStore {
    const names = Object.keys(RELAYED).filter((name): name is RelayedStore => name in inner);
    const stores = names.map((name) => [name, this.#relayed(name, inner[name])] as const);
    return replacing(inner, Object.fromEntries(stores));
  }

  /** Waits for what was sent, and gives the way up. */
  async close(): Promise<void> {
    if (this.#pending.size > 0) {
      this.#idle ??= Promise.withResolvers();
      await this.#idle.promise;
    }
    this.#isClosed = true;
    this.#port.close();
  }

  #relayed(name: RelayedStore, store: object): object {
    const replacements = RELAYED[name].map((method) => {
      const own: unknown = Reflect.get(store, method, store);
      assert(typeof own === "function", `${name}.${method} is a method`);
      const relayed = (...args: readonly unknown[]): unknown =>
        this.#isClosed ? Reflect.apply(own, store, args) : this.#send(name, method, args);
      return [method, relayed] as const;
    });
    return replacing(store, Object.fromEntries(replacements));
  }

  #send(store: RelayedStore, method: string, args: readonly unknown[]): Promise<unknown> {
    const id = ++this.#lastId;
    const settled = Promise.withResolvers<unknown>();
    this.#pending.set(id, settled);
    if (this.#gathered.push({ id, store, method, args: args.map(withoutNeighbours) }) === 1) {
      // What else has arrived in this turn goes along.
      setImmediate(() => this.#flush());
    }
    return settled.promise;
  }

  #flush(): void {
    const calls = this.#gathered;
    this.#gathered = [];
    if (!this.#isClosed) {
      this.#port.postMessage(calls);
    }
  }

  #settle(outcomes: readonly Outcome[]): void {
    for (const outcome of outcomes) {
      const settled = this.#pending.get(outcome.id);
      this.#pending.delete(outcome.id);
      if (outcome.kind === "done") {
        settled?.resolve(outcome.value);
      } else {
        settled?.reject(receivedFailure(outcome.failure));
      }
    }
    if (this.#pending.size === 0) {
      this.#idle?.resolve();
    }
  }

  /** Whether what is still pending was carried out, nobody knows any more. */
  #end(): void {
    this.#isClosed = true;
    const detail = { retryAfterSeconds: DATABASE_RETRY_AFTER_SECONDS };
    for (const { reject } of this.#pending.values()) {
      reject(new RegistryError("service-unavailable", detail));
    }
    this.#pending.clear();
    this.#idle?.resolve();
  }
}

/** Of bytes that share their memory with others, all of the memory would be sent. */
function withoutNeighbours(value: unknown): unknown {
  if (value instanceof Uint8Array) {
    return value.byteLength === value.buffer.byteLength ? value : Uint8Array.from(value);
  }
  if (
    typeof value === "object" &&
    value !== null &&
    Object.getPrototypeOf(value) === Object.prototype
  ) {
    const entries = Object.entries(value);
    return entries.some(([, part]) => typeof part === "object" && part !== null)
      ? Object.fromEntries(entries.map(([name, part]) => [name, withoutNeighbours(part)]))
      : value;
  }
  return value;
}
