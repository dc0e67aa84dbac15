import * as pulumi from "@pulumi/pulumi";
import { VERSION } from "../plugin/version.ts";

/** Tells Pulumi which class stands for a type, where a value refers to a resource. */
export function registerClasses(
  classes: Iterable<readonly [string, new (...args: never[]) => pulumi.Resource]>,
): void {
  const known = new Map(classes);
  pulumi.runtime.registerResourceModule("moorage", "index", {
    version: VERSION,
    construct(name, type, urn) {
      const found = known.get(type);
      if (found === undefined) throw new Error(`there is no class for ${type}`);
      return Reflect.construct(found, [name, undefined, { urn }]);
    },
  });
}
