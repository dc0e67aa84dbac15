import { status } from "@grpc/grpc-js";
import { DeploymentError } from "@moorage/core/deployment/deployment-error";
import * as pulumi from "@pulumi/pulumi";
import pb from "@pulumi/pulumi/proto/provider_pb.js";
import struct from "google-protobuf/google/protobuf/struct_pb.js";
import type { ComponentDefinition } from "../components/definition.ts";
import { type Arguments, readArguments } from "./component-arguments.ts";
import { componentOptions } from "./component-options.ts";
import { RefusedCall } from "./failures.ts";
import { PARTS, tokenAt } from "./parts.ts";
import { inRuntime } from "./pulumi-runtime.ts";
import { jsonSchemaOf } from "./schema-types.ts";

/** Declares a component and its resources with the engine that `request` names; rejects, in sentences, where its arguments are wrong. */
export async function construct(
  definition: ComponentDefinition,
  request: pb.ConstructRequest,
  engineAddress: string,
): Promise<pb.ConstructResponse> {
  const work = () => declared(definition, request);
  try {
    return await inRuntime(request, engineAddress, work);
  } catch (error) {
    if (!(error instanceof DeploymentError)) throw error;
    throw new RefusedCall(status.INVALID_ARGUMENT, error.message);
  }
}

async function declared(
  definition: ComponentDefinition,
  request: pb.ConstructRequest,
): Promise<pb.ConstructResponse> {
  const name = request.getName();
  const { args, dependencies } = argumentsOf(definition, request);
  const options = componentOptions(request, dependencies);
  const component = await definition.make(PARTS, name, args, options);
  const outputs = Object.keys(definition.outputs.shape).map((key) => [
    key,
    Reflect.get(component, key),
  ]);
  const response = new pb.ConstructResponse();
  response.setUrn(await settled(component.urn));
  const [state, origins] = await pulumi.runtime.serializeResourceProperties(
    name,
    Object.fromEntries(outputs),
  );
  response.setState(struct.Struct.fromJavaScript(state));
  for (const [key, resources] of origins) {
    const urns = new pb.ConstructResponse.PropertyDependencies();
    urns.setUrnsList(await Promise.all([...resources].map(({ urn }) => settled(urn))));
    response.getStatedependenciesMap().set(key, urns);
  }
  return response;
}

function argumentsOf({ inputs }: ComponentDefinition, request: pb.ConstructRequest): Arguments {
  const beside = [...request.getInputdependenciesMap().entries()].map(
    ([key, urns]) => [key, urns.getUrnsList()] as const,
  );
  const found = readArguments(
    request.getName(),
    jsonSchemaOf(inputs),
    request.getInputs()?.toJavaScript() ?? {},
    new Map(beside),
    tokenAt,
  );
  if (found.refusals.length === 0) return found;
  throw new RefusedCall(status.INVALID_ARGUMENT, found.refusals.join("\n"));
}

/** A value that is always known in the end. */
function settled<Value>(output: pulumi.Output<Value>): Promise<Value> {
  return new Promise((resolve) => {
    output.apply(resolve);
  });
}
