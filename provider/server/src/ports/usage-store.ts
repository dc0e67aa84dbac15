import type { Digest } from "../domain/digest.ts";
import type { Instant, RegistryId } from "../domain/ids.ts";
import type { RepositoryName } from "../domain/repository-name.ts";

/** How often a manifest was pulled since it was last told. */
export interface Pulls {
  readonly registryId: RegistryId;
  readonly repository: RepositoryName;
  readonly digest: Digest;
  readonly count: number;
  readonly lastAt: Instant;
}

/** Counts what is read. Pushes count themselves, in the transactions of `ManifestStore`. */
export interface UsageStore {
  /** Adds to the counts of manifests and their repositories; the latest time stays. What is gone is passed over. */
  addPulls(pulls: readonly Pulls[]): Promise<void>;
}
