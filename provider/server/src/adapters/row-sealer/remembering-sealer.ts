import type { AtOnce } from "../../domain/at-once.ts";
import type { RegistryId } from "../../domain/ids.ts";
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
  readonly #opened = new WeakMap<SealedBytes, Opened>();

  constructor(sealer: Sealer) {
    this.#sealer = sealer;
  }

  seal(registryId: RegistryId, context: string, plain: Uint8Array): Promise<SealedBytes> {
    return this.#sealer.seal(registryId, context, plain);
  }

  open(registryId: RegistryId, context: string, sealed: SealedBytes): AtOnce<Uint8Array> {
    const known = this.#opened.get(sealed);
    return known?.registryId === registryId && known.context === context
      ? known.plain
      : this.#open(registryId, context, sealed);
  }

  async #open(registryId: RegistryId, context: string, sealed: SealedBytes): Promise<Uint8Array> {
    const plain = await this.#sealer.open(registryId, context, sealed);
    this.#opened.set(sealed, { registryId, context, plain });
    return plain;
  }
}
