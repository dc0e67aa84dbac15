// Written by `npm run generate` from the package's schema; do not edit.
import * as pulumi from "@pulumi/pulumi";
import { VERSION } from "../plugin/version.ts";
import { GCSchedule } from "./gc-schedule.ts";
import { Registry } from "./registry.ts";
import { Repository } from "./repository.ts";
import { Scope } from "./scope.ts";
import { Token } from "./token.ts";
import { User } from "./user.ts";

const CLASSES = new Map<string, new (...args: never[]) => pulumi.Resource>([
  ["moorage:index:Registry", Registry],
  ["moorage:index:Token", Token],
  ["moorage:index:Scope", Scope],
  ["moorage:index:GCSchedule", GCSchedule],
  ["moorage:index:Repository", Repository],
  ["moorage:index:User", User],
]);

pulumi.runtime.registerResourceModule("moorage", "index", {
  version: VERSION,
  construct(name, type, urn) {
    const found = CLASSES.get(type);
    if (found === undefined) throw new Error("there is no class for " + type);
    return Reflect.construct(found, [name, undefined, { urn }]);
  },
});
