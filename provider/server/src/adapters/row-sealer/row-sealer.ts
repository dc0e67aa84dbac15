import { createCipheriv, createDecipheriv, type KeyObject, randomBytes } from "node:crypto";
import { DamageError } from "../../domain/damage-error.ts";
import type { RegistryId } from "../../domain/ids.ts";
import type { KeyRing } from "../../ports/key-ring.ts";
import type { SealedBytes, Sealer } from "../../ports/sealer.ts";

/*
 * What sealed bytes in a row look like:
 *
 *   ┌─────────┬──────────┬────────────┬──────────┐
 *   │ version │  nonce   │ ciphertext │   tag    │   AES-256-GCM, additional data: the context in UTF-8
 *   │ 1 byte  │ 12 bytes │            │ 16 bytes │   key = HKDF-SHA-256(the registry's data key, no salt, "rows")
 *   │  = 1    │  random  │            │          │
 *   └─────────┴──────────┴────────────┴──────────┘
 *
 * All rows of a registry share one key, since deriving one costs more than sealing a manifest. With random nonces that is sound for
 * 2^32 rows that were ever written (NIST SP 800-38D, 8.3).
 */
const VERSION = 1;
const NONCE_AT = 1;
const NONCE_BYTES = 12;
const CIPHERTEXT_AT = NONCE_AT + NONCE_BYTES;
const TAG_BYTES = 16;
const OPTIONS = { authTagLength: TAG_BYTES };
const NONCES_PER_DRAW = 512;
const NO_SALT = new Uint8Array(0);

/** Seals content that lives in rows of the metadata store. */
export class RowSealer implements Sealer {
  readonly #keys: Pick<KeyRing, "derive">;
  /** Nonces that nobody has had yet, from the `#used`th byte: drawn in bulk, since one at a time costs as much as 6 KiB. */
  #drawn = randomBytes(0);
  #used = 0;

  constructor(keys: Pick<KeyRing, "derive">) {
    this.#keys = keys;
  }

  async seal(registryId: RegistryId, context: string, plain: Uint8Array): Promise<SealedBytes> {
    const key = await this.#keyOf(registryId);
    const nonce = this.#nextNonce();
    const cipher = createCipheriv("aes-256-gcm", key, nonce, OPTIONS);
    cipher.setAAD(Buffer.from(context));
    const ciphertext = cipher.update(plain);
    cipher.final();
    const parts = [Uint8Array.of(VERSION), nonce, ciphertext, cipher.getAuthTag()];
    return Buffer.concat(parts) as Uint8Array as SealedBytes;
  }

  async open(registryId: RegistryId, context: string, sealed: SealedBytes): Promise<Uint8Array> {
    const tagAt = sealed.byteLength - TAG_BYTES;
    if (tagAt < CIPHERTEXT_AT || sealed[0] !== VERSION) {
      throw new DamageError(`the sealed ${context} is damaged: it is not in the form of version 1`);
    }
    const key = await this.#keyOf(registryId);
    try {
      const nonce = sealed.subarray(NONCE_AT, CIPHERTEXT_AT);
      const decipher = createDecipheriv("aes-256-gcm", key, nonce, OPTIONS);
      decipher.setAAD(Buffer.from(context));
      decipher.setAuthTag(sealed.subarray(tagAt));
      const plain = decipher.update(sealed.subarray(CIPHERTEXT_AT, tagAt));
      decipher.final();
      return plain;
    } catch (error) {
      throw new DamageError(
        `the sealed ${context} is damaged: it was altered, moved, or sealed for another registry`,
        { cause: error },
      );
    }
  }

  #nextNonce(): Uint8Array {
    if (this.#used === this.#drawn.byteLength) {
      this.#drawn = randomBytes(NONCES_PER_DRAW * NONCE_BYTES);
      this.#used = 0;
    }
    const start = this.#used;
    this.#used += NONCE_BYTES;
    return this.#drawn.subarray(start, this.#used);
  }

  #keyOf(registryId: RegistryId): Promise<KeyObject> {
    return this.#keys.derive(registryId, NO_SALT, "rows");
  }
}
