// Written by `npm run generate` from the package's schema; do not edit.

import { GCSchedule } from "./gc-schedule.ts";
import { GeneratedKeys } from "./generated-keys.ts";
import { registerClasses } from "./register-classes.ts";
import { Registry } from "./registry.ts";
import { Repository } from "./repository.ts";
import { Scope } from "./scope.ts";
import { Token } from "./token.ts";
import { User } from "./user.ts";

registerClasses([
  ["moorage:index:Registry", Registry],
  ["moorage:index:Token", Token],
  ["moorage:index:Scope", Scope],
  ["moorage:index:GCSchedule", GCSchedule],
  ["moorage:index:Repository", Repository],
  ["moorage:index:User", User],
  ["moorage:index:GeneratedKeys", GeneratedKeys],
]);
