import type { Registry } from "../../../provider/server/src/domain/registry.ts";
import type { MetadataStore } from "../../../provider/server/src/ports/metadata-store.ts";
import { populate } from "../../support/metadata-samples.ts";

/** A store of a test's own, migrated and empty. */
export interface MetadataStoreUnderTest {
  readonly store: MetadataStore;
  /** Another store on the same database: another process, as far as the first can tell. The same one where there can be no other. */
  readonly second: MetadataStore;
  close(): Promise<void>;
}

export type MakeMetadataStore = () => Promise<MetadataStoreUnderTest>;

/** What a test works with; valid within its `it`. */
export interface MetadataTest {
  readonly store: MetadataStore;
  readonly second: MetadataStore;
  /** One registry of the one organization. */
  readonly registry: Registry;
}

/** Gives each test of the surrounding `describe` a store, with the registry in it. */
export function useMetadataStore(make: MakeMetadataStore): MetadataTest {
  let under: MetadataStoreUnderTest;
  let registry: Registry;

  beforeEach(async () => {
    under = await make();
    registry = await populate(under.store);
  });
  afterEach(() => under.close());

  return {
    get store() {
      return under.store;
    },
    get second() {
      return under.second;
    },
    get registry() {
      return registry;
    },
  };
}
