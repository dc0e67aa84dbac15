import * as pulumi from "@pulumi/pulumi";
import type { Alias as AliasMessage } from "@pulumi/pulumi/proto/alias_pb.js";
import type pb from "@pulumi/pulumi/proto/provider_pb.js";

/**
 * How Pulumi is to treat a component, as the program has said it.
 * @param dependencies URNs of resources that the component comes after, besides those that the program names
 */
export function componentOptions(
  request: pb.ConstructRequest,
  dependencies: readonly string[],
): pulumi.ComponentResourceOptions {
  const after = new Set([...request.getDependenciesList(), ...dependencies]);
  const parent = request.getParent();
  const deletedWith = request.getDeletedwith();
  const timeouts = request.getCustomtimeouts()?.toObject();
  return {
    aliases: request.getAliasesList().map(aliasOf),
    dependsOn: [...after].map(resourceAt),
    ignoreChanges: request.getIgnorechangesList(),
    replaceOnChanges: request.getReplaceonchangesList(),
    providers: Object.fromEntries(
      [...request.getProvidersMap().entries()].map(([name, reference]) => [
        name,
        new pulumi.DependencyProviderResource(reference),
      ]),
    ),
    ...(parent !== "" && { parent: resourceAt(parent) }),
    ...(deletedWith !== "" && { deletedWith: resourceAt(deletedWith) }),
    ...(timeouts && { customTimeouts: timeouts }),
    ...(request.hasProtect() && { protect: request.getProtect() === true }),
    ...(request.hasRetainondelete() && { retainOnDelete: request.getRetainondelete() === true }),
  };
}

function resourceAt(urn: string): pulumi.Resource {
  return new pulumi.DependencyResource(urn);
}

function aliasOf(alias: AliasMessage): string | pulumi.Alias {
  const spec = alias.getSpec();
  if (spec === undefined) return alias.getUrn();
  const { name, type, stack, project, parenturn } = spec.toObject();
  const named = Object.entries({ name, type, stack, project }).filter(([, text]) => text !== "");
  return {
    ...Object.fromEntries(named),
    ...(parenturn !== "" && { parent: parenturn }),
    ...(spec.getNoparent() && { parent: pulumi.rootStackResource }),
  };
}
