import { randomBytes, randomUUID } from "node:crypto";
import type { StorageKey, UploadId } from "../../domain/ids.ts";
import { PASSWORD_BYTES, TOKEN_SECRET_BYTES } from "../../domain/limits.ts";
import { TOKEN_SECRET_PREFIX } from "../../domain/token-secret.ts";
import type { IdSource } from "../../ports/id-source.ts";

const ID_BYTES = 16;
const IDS_PER_DRAW = 256;

/** Makes identifiers from the system's random source. Those that are no secrets are drawn in bulk: one at a time costs as much as 4 KiB. */
export class RandomIdSource implements IdSource {
  #drawn = randomBytes(0);
  #used = 0;

  uuid<Id extends string>(): Id {
    return randomUUID() as string as Id;
  }

  uploadId(): UploadId {
    return this.#nextText() as UploadId;
  }

  storageKey(): StorageKey {
    return this.#nextText() as StorageKey;
  }

  tokenSecret(): string {
    return TOKEN_SECRET_PREFIX + randomText(TOKEN_SECRET_BYTES);
  }

  password(): string {
    return randomText(PASSWORD_BYTES);
  }

  #nextText(): string {
    if (this.#used === this.#drawn.byteLength) {
      this.#drawn = randomBytes(IDS_PER_DRAW * ID_BYTES);
      this.#used = 0;
    }
    const start = this.#used;
    this.#used += ID_BYTES;
    return this.#drawn.toString("base64url", start, this.#used);
  }
}

function randomText(bytes: number): string {
  return randomBytes(bytes).toString("base64url");
}
