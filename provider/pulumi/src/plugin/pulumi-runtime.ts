import assert from "node:assert/strict";
import type pb from "@pulumi/pulumi/proto/provider_pb.js";
import * as config from "@pulumi/pulumi/runtime/config.js";
import * as settings from "@pulumi/pulumi/runtime/settings.js";
import * as state from "@pulumi/pulumi/runtime/state.js";

/*
 * What a plugin that makes components needs of Pulumi's library and the library does not document: a state of its own for each component
 * that is under way, made from what the engine says. A version that lacks one of these functions is noticed at once.
 */

/** Runs work that declares resources with the engine and the stack of a request, apart from all other such work. */
export async function inRuntime<Result>(
  request: pb.ConstructRequest,
  engineAddress: string,
  work: () => Promise<Result>,
): Promise<Result> {
  let result: Promise<Result> | undefined;
  await undocumented(state, "withLocalStorage", async () => {
    settings.resetOptions(
      request.getProject(),
      request.getStack(),
      request.getParallel(),
      engineAddress,
      request.getMonitorendpoint(),
      request.getDryrun(),
      request.getOrganization(),
    );
    await undocumented(settings, "awaitFeatureSupport");
    const configuration = Object.fromEntries(request.getConfigMap().entries());
    config.setAllConfig(configuration, request.getConfigsecretkeysList());
    result = work();
    await result;
    await undocumented(settings, "waitForRPCs");
  });
  assert(result);
  return await result;
}

async function undocumented(module: object, name: string, ...args: unknown[]): Promise<void> {
  const found: unknown = Reflect.get(module, name);
  assert(typeof found === "function", `this version of @pulumi/pulumi has no ${name}`);
  await Reflect.apply(found, undefined, args);
}
