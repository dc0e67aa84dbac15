import type { AtOnce } from "../../domain/at-once.ts";
import type { RegistryId } from "../../domain/ids.ts";
import { type Counter, type Meter, NO_METER } from "../../ports/meter.ts";
import type { SealedBytes, Sealer } from "../../ports/sealer.ts";

interface Opened {
  readonly registryId: RegistryId;
  readonly context: string;
  readonly plain: Uint8Array;
}

/**
 * Opens the same bytes once, for as long as somebody holds the sealed ones: who keeps a row in memory gets its content without another
 * decryption. What is opened is shared: it is read only, and its memory must not be given back.
 */
export class RememberingSealer implements Sealer {
  readonly #sealer: Sealer;
  readonly #hits: Counter;
  readonly #misses: Counter;
  readonly #opened = new WeakMap<SealedBytes, Opened>();

  constructor(sealer: Sealer, meter: Meter = NO_METER) {
    this.#sealer = sealer;
    const cache = "sealer";
    this.#hits = meter.counter("moorage_cache_lookups_total", { cache, result: "hit" });
    this.#misses = meter.counter("moorage_cache_lookups_total", { cache, result: "miss" });
  }

  seal(registryId: RegistryId, context: string, plain: Uint8Array): Promise<SealedBytes> {
    return this.#sealer.seal(registryId, context, plain);
  }

  open(registryId: RegistryId, context: string, sealed: SealedBytes): AtOnce<Uint8Array> {
    const known = this.#opened.get(sealed);
    if (known?.registryId === registryId && known.context === context) {
      this.#hits.add();
      return known.plain;
    }
    this.#misses.add();
    return this.#open(registryId, context, sealed);
  }

  async #open(registryId: RegistryId, context: string, sealed: SealedBytes): Promise<Uint8Array> {
    const plain = await this.#sealer.open(registryId, context, sealed);
    this.#opened.set(sealed, { registryId, context, plain });
    return plain;
  }
}
