import { status } from "@grpc/grpc-js";
import type pb from "@pulumi/pulumi/proto/provider_pb.js";
import { COMPONENTS } from "../components/all.ts";
import type { ComponentDefinition } from "../components/definition.ts";
import { RefusedCall } from "./failures.ts";

/**
 * Makes components for programs in other languages. While one is made, its resources are declared with the engine by calls that nobody
 * waits for: what fails among them reaches the process, which hands it over here.
 */
export class ComponentService {
  #engineAddress: string | undefined;
  readonly #underWay = new Set<(error: unknown) => void>();

  constructor(engineAddress: string | undefined) {
    this.#engineAddress = engineAddress;
  }

  /** Takes over where the engine is; an empty address says nothing. */
  attach(engineAddress: string): void {
    if (engineAddress !== "") this.#engineAddress = engineAddress;
  }

  /** Declares a component and its resources with the engine that `request` names. */
  async construct(request: pb.ConstructRequest): Promise<pb.ConstructResponse> {
    const definition = componentOf(request.getType());
    // All that components need is loaded with the first of them.
    const { construct } = await import("./construct.ts");
    const failure = Promise.withResolvers<never>();
    this.#underWay.add(failure.reject);
    try {
      const engineAddress = this.#engineAddress ?? "";
      return await Promise.race([construct(definition, request, engineAddress), failure.promise]);
    } finally {
      this.#underWay.delete(failure.reject);
    }
  }

  /** Answers a call of a component's method, `moorage:kubernetes:PullSecret/method`. */
  async call(request: pb.CallRequest): Promise<pb.CallResponse> {
    const [type = "", method = ""] = request.getTok().split("/", 2);
    const { type: name } = componentOf(type);
    throw new RefusedCall(
      status.INVALID_ARGUMENT,
      `the component ${name} has no method ${method}; it has none at all`,
    );
  }

  /** Ends what is under way with an error; where nothing is, there is only the log to tell it to. */
  fail(error: unknown): void {
    if (this.#underWay.size === 0) console.error(error);
    for (const reject of this.#underWay) reject(error);
  }

  /** Ends what is under way. */
  cancel(): void {
    const sentence = "the component was not made: the run was cancelled";
    const refusal = new RefusedCall(status.CANCELLED, sentence);
    for (const reject of this.#underWay) reject(refusal);
  }
}

function componentOf(type: string): ComponentDefinition {
  const component = COMPONENTS.get(type);
  if (component !== undefined) return component;
  throw new RefusedCall(
    status.INVALID_ARGUMENT,
    `there is no component ${type}; there are ${[...COMPONENTS.keys()].join(", ")}`,
  );
}
