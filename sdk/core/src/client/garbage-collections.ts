import {
  type GarbageCollectionRun,
  garbageCollectionRun,
  garbageCollectionRunsResponse,
} from "../contract/garbage-collection.ts";
import { type CallOptions, segment, type Transport } from "./transport.ts";

/** Calls about the garbage collections of a registry (extensions, "Added paths"). */
export class GarbageCollectionCalls {
  readonly #transport: Transport;

  constructor(transport: Transport) {
    this.#transport = transport;
  }

  /** The latest runs of a registry, the latest first. */
  async list(registryId: string, options: CallOptions = {}): Promise<GarbageCollectionRun[]> {
    const answer = await this.#transport.ask(
      { method: "GET", path: pathOf(registryId), repeatability: "repeatable", ...options },
      garbageCollectionRunsResponse,
    );
    return answer.items;
  }

  /** One run, or undefined where the registry has none of this id. */
  async get(
    registryId: string,
    runId: string,
    options: CallOptions = {},
  ): Promise<GarbageCollectionRun | undefined> {
    return await this.#transport.find(
      { method: "GET", path: pathOf(registryId, runId), repeatability: "repeatable", ...options },
      garbageCollectionRun,
    );
  }

  /** Starts a run, or returns the one of the same kind that goes on; a dry run only counts. */
  async start(
    registryId: string,
    { dryRun = false }: { readonly dryRun?: boolean } = {},
    options: CallOptions = {},
  ): Promise<GarbageCollectionRun> {
    return await this.#transport.ask(
      {
        method: "POST",
        path: pathOf(registryId),
        body: { dryRun },
        // While a run goes on, a second request only finds it.
        repeatability: "repeatable",
        ...options,
      },
      garbageCollectionRun,
    );
  }
}

function pathOf(registryId: string, runId?: string): string {
  const runs = `/registries/${segment(registryId)}/garbage-collections`;
  return runId === undefined ? runs : `${runs}/${segment(runId)}`;
}
