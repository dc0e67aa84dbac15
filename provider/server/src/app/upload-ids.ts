import { createHmac, timingSafeEqual } from "node:crypto";
import type { Instant, RegistryId, UploadId } from "../domain/ids.ts";
import { UPLOAD_IDLE_MILLISECONDS_MAX } from "../domain/limits.ts";
import type { RepositoryName } from "../domain/repository-name.ts";
import type { Context } from "./context.ts";

/*
 * An upload's id says when it was given out, and proves that it was: by this registry, to this caller, for this repository. So a session
 * that has not got beyond its `POST` is nowhere but in the client's hands, and costs the database nothing.
 *
 *   ┌───────────────┬──────────────────────────┬────────────────────────────────────────────────────────┐
 *   │ 128 bits      │ milliseconds since 1970, │ HMAC-SHA-256, its first 128 bits, of all before it and │   in base64url:
 *   │ random        │ 48 bits                  │ of registry, repository and whoever it was given to    │   22 + 8 + 22 characters
 *   └───────────────┴──────────────────────────┴────────────────────────────────────────────────────────┘
 *
 *   key = HKDF-SHA-256(the registry's data key, no salt, "upload-ids"): it goes with the registry
 */
const TIME_BYTES = 6;
const PROOF_BYTES = 16;
const TIME_AT = 22;
const PROOF_AT = TIME_AT + 8;
const LENGTH = PROOF_AT + 22;
const NO_SALT = new Uint8Array(0);

/** Whom an upload belongs to, and where it leads. */
export interface UploadOwner {
  readonly registryId: RegistryId;
  readonly repository: RepositoryName;
  readonly startedBy: string;
}

type Parts = Pick<Context, "keys" | "ids" | "clock">;

/** Gives out an id for an upload that starts now. */
export async function issueUploadId(context: Parts, owner: UploadOwner): Promise<UploadId> {
  const time = Buffer.allocUnsafe(TIME_BYTES);
  time.writeUIntBE(context.clock.now(), 0, TIME_BYTES);
  const head = context.ids.uploadId() + time.toString("base64url");
  const proof = await prove(context, owner, head);
  return (head + proof) as UploadId;
}

/** When an id was given out to this owner; `undefined`: never, or so long ago that it is worth nothing any more. */
export async function uploadIdIssuedAt(
  context: Parts,
  owner: UploadOwner,
  id: UploadId,
): Promise<Instant | undefined> {
  if (id.length !== LENGTH) {
    return undefined;
  }
  const proof = await prove(context, owner, id.slice(0, PROOF_AT));
  // As text: the last letter has bits that stand for nothing, and an id that differs in them would be another one.
  if (!timingSafeEqual(Buffer.from(id.slice(PROOF_AT)), Buffer.from(proof))) {
    return undefined;
  }
  const time = Buffer.from(id.slice(TIME_AT, PROOF_AT), "base64url");
  const issuedAt = time.readUIntBE(0, TIME_BYTES);
  return context.clock.now() - issuedAt < UPLOAD_IDLE_MILLISECONDS_MAX ? issuedAt : undefined;
}

async function prove(
  { keys }: Pick<Context, "keys">,
  { registryId, repository, startedBy }: UploadOwner,
  head: string,
): Promise<string> {
  const key = await keys.derive(registryId, NO_SALT, "upload-ids");
  // None of them has a line break in it.
  const said = `${head}\n${registryId}\n${repository}\n${startedBy}`;
  const proof = createHmac("sha256", key).update(said).digest().subarray(0, PROOF_BYTES);
  return proof.toString("base64url");
}
