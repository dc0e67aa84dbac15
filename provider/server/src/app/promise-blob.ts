import { RegistryError } from "../domain/errors.ts";
import type { RegistryId } from "../domain/ids.ts";
import type { FoundBlob } from "../ports/blob-index.ts";
import type { Context } from "./context.ts";

/**
 * To tell a client that a blob exists is a promise: it will push a manifest that relies on it, and does not send the bytes. So the blob is
 * noted as used before the client is told, durably, unless it was so within the last half of the grace period: the collector leaves
 * it alone for the other half then. That is one write for a blob every half period, whoever asks, and nothing to wait out.
 * @throws RegistryError `blob-unknown` when it has become garbage between the look-up and now
 */
export async function promiseBlob(
  context: Pick<Context, "metadata" | "clock" | "settings">,
  registryId: RegistryId,
  { digest, touchedAt }: FoundBlob,
): Promise<void> {
  const now = context.clock.now();
  if (now - touchedAt < context.settings.garbageGraceMilliseconds / 2) {
    return;
  }
  if ((await context.metadata.blobs.touch(registryId, [digest], now)).length === 0) {
    throw new RegistryError("blob-unknown", { digest });
  }
}
