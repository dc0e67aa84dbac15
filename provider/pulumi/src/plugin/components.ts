import { status } from "@grpc/grpc-js";
import type pb from "@pulumi/pulumi/proto/provider_pb.js";
import { RefusedCall } from "./failures.ts";
import { lastPart } from "./urn.ts";

/** A component resource that this plugin makes for programs in other languages. */
export interface Component {
  /** The class that a program makes, for example `PullSecret`. */
  readonly type: string;
  /** Declares the component's resources with the engine that `request` names. */
  construct(request: pb.ConstructRequest): Promise<pb.ConstructResponse>;
  /** Answers a call of one of its methods. */
  call(request: pb.CallRequest): Promise<pb.CallResponse>;
}

/** Every component, by its type. */
export const COMPONENTS: ReadonlyMap<string, Component> = new Map();

/** The component of a type, such as `moorage:index:PullSecret`. */
export function componentOf(type: string): Component {
  const component = COMPONENTS.get(lastPart(type));
  if (component !== undefined) return component;
  const known = COMPONENTS.size === 0 ? "none" : [...COMPONENTS.keys()].join(", ");
  throw new RefusedCall(
    status.INVALID_ARGUMENT,
    `there is no component ${type}; the components of this version: ${known}`,
  );
}
