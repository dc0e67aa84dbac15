import { randomBytes, randomUUID } from "node:crypto";
import type { StorageKey, UploadId } from "../../domain/ids.ts";
import { PASSWORD_BYTES, TOKEN_SECRET_BYTES } from "../../domain/limits.ts";
import { TOKEN_SECRET_PREFIX } from "../../domain/token-secret.ts";
import type { IdSource } from "../../ports/id-source.ts";

const ID_BYTES = 16;

/** Makes identifiers from the system's random source. */
export class RandomIdSource implements IdSource {
  uuid<Id extends string>(): Id {
    return randomUUID() as string as Id;
  }

  uploadId(): UploadId {
    return randomText(ID_BYTES) as UploadId;
  }

  storageKey(): StorageKey {
    return randomText(ID_BYTES) as StorageKey;
  }

  tokenSecret(): string {
    return TOKEN_SECRET_PREFIX + randomText(TOKEN_SECRET_BYTES);
  }

  password(): string {
    return randomText(PASSWORD_BYTES);
  }
}

function randomText(bytes: number): string {
  return randomBytes(bytes).toString("base64url");
}
