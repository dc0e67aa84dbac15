import {
  createCipheriv,
  createDecipheriv,
  createHmac,
  createSecretKey,
  type KeyObject,
  randomBytes,
} from "node:crypto";
import type { KeyVault } from "../../ports/key-vault.ts";

/*
 * What a wrapped key looks like:
 *
 *   ┌─────────┬─────────┬──────────┬────────────┬──────────┐
 *   │ version │ key id  │  nonce   │ ciphertext │   tag    │   AES-256-GCM under the master key,
 *   │ 1 byte  │ 8 bytes │ 12 bytes │            │ 16 bytes │   additional data: the context in UTF-8
 *   │  = 1    │         │  random  │            │          │
 *   └─────────┴─────────┴──────────┴────────────┴──────────┘
 *
 * The key id is the beginning of HMAC-SHA-256(master key, "moorage key id"): it says which master key is needed and nothing about it.
 */
const VERSION = 1;
const KEY_ID_AT = 1;
const KEY_ID_BYTES = 8;
const NONCE_AT = KEY_ID_AT + KEY_ID_BYTES;
const NONCE_BYTES = 12;
const CIPHERTEXT_AT = NONCE_AT + NONCE_BYTES;
const TAG_BYTES = 16;
const OPTIONS = { authTagLength: TAG_BYTES };

/** Wraps keys under a master key that this process holds. */
export class FileKeyVault implements KeyVault {
  readonly #masterKey: KeyObject;
  readonly #keyId: Buffer;

  /** `masterKey` is copied; see `master-key.ts` for where it comes from. */
  constructor(masterKey: Uint8Array) {
    this.#masterKey = createSecretKey(masterKey);
    const identified = createHmac("sha256", this.#masterKey).update("moorage key id").digest();
    this.#keyId = identified.subarray(0, KEY_ID_BYTES);
  }

  /** Names the master key and tells nothing of it. */
  get keyId(): string {
    return this.#keyId.toString("hex");
  }

  async wrap(context: string, key: Uint8Array): Promise<Uint8Array> {
    const nonce = randomBytes(NONCE_BYTES);
    const cipher = createCipheriv("aes-256-gcm", this.#masterKey, nonce, OPTIONS);
    cipher.setAAD(Buffer.from(context));
    const ciphertext = cipher.update(key);
    cipher.final();
    const start = [Uint8Array.of(VERSION), this.#keyId, nonce];
    return Buffer.concat([...start, ciphertext, cipher.getAuthTag()]);
  }

  async unwrap(context: string, wrapped: Uint8Array): Promise<Uint8Array> {
    const tagAt = wrapped.byteLength - TAG_BYTES;
    if (tagAt < CIPHERTEXT_AT || wrapped[0] !== VERSION) {
      throw new Error(`the stored key ${context} is damaged: it is not in the form of version 1`);
    }
    const keyId = neededKeyId(wrapped);
    if (keyId !== this.keyId) {
      throw new Error(
        `the master key (id ${this.keyId}) is not the one that the stored key ${context} was wrapped with (id ${keyId}): ` +
          "start the server with the master key that belongs to this database",
      );
    }
    try {
      const nonce = wrapped.subarray(NONCE_AT, CIPHERTEXT_AT);
      const decipher = createDecipheriv("aes-256-gcm", this.#masterKey, nonce, OPTIONS);
      decipher.setAAD(Buffer.from(context));
      decipher.setAuthTag(wrapped.subarray(tagAt));
      const key = decipher.update(wrapped.subarray(CIPHERTEXT_AT, tagAt));
      decipher.final();
      return key;
    } catch (error) {
      throw new Error(`the stored key ${context} was altered, or belongs to something else`, {
        cause: error,
      });
    }
  }
}

/** The id of the master key that a key was wrapped with. */
export function neededKeyId(wrapped: Uint8Array): string {
  return Buffer.from(wrapped.subarray(KEY_ID_AT, NONCE_AT)).toString("hex");
}
