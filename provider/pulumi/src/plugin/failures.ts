import { Metadata, type ServiceError, status } from "@grpc/grpc-js";
import pb from "@pulumi/pulumi/proto/provider_pb.js";
import statusProto from "@pulumi/pulumi/proto/status_pb.js";
import anyProto from "google-protobuf/google/protobuf/any_pb.js";
import type { Struct } from "google-protobuf/google/protobuf/struct_pb.js";
import type { CheckFailure } from "../resources/resource.ts";

/** What a call ends with instead of an answer. */
export type Failure = Pick<ServiceError, "code" | "details"> & { readonly metadata?: Metadata };

/** A failure that the caller is told of in a sentence. */
export class RefusedCall extends Error {
  override readonly name = "RefusedCall";
  readonly failure: Failure;

  constructor(code: status, details: string, metadata?: Metadata) {
    super(details);
    this.failure = { code, details, ...(metadata && { metadata }) };
  }
}

/** A resource that exists and is not usable: the engine keeps it, and the next update goes on with it. */
export function initializationFailed(id: string, properties: Struct, reason: string): RefusedCall {
  const detail = new pb.ErrorResourceInitFailed();
  detail.setId(id);
  detail.setProperties(properties);
  detail.setReasonsList([reason]);
  const packed = new anyProto.Any();
  packed.pack(detail.serializeBinary(), "pulumirpc.ErrorResourceInitFailed");
  const message = new statusProto.Status();
  message.setCode(status.UNKNOWN);
  message.setMessage(reason);
  message.addDetails(packed);
  const metadata = new Metadata();
  metadata.add("grpc-status-details-bin", Buffer.from(message.serializeBinary()));
  return new RefusedCall(status.UNKNOWN, reason, metadata);
}

/**
 * What is wrong with inputs, for the engine. It prints the value of the property that a failure names, so one that
 * is secret is named in the sentence alone.
 */
export function checkFailures(
  failures: readonly CheckFailure[],
  secret: ReadonlySet<string>,
): pb.CheckFailure[] {
  return failures.map(({ property, reason }) => {
    const failure = new pb.CheckFailure();
    const isSecret = secret.has(property);
    failure.setProperty(isSecret ? "" : property);
    failure.setReason(isSecret && !reason.includes(property) ? `${property}: ${reason}` : reason);
    return failure;
  });
}
