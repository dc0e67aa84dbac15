// Written by `npm run generate` from the package's schema; do not edit.
// The dynamic face: what `import … from "@moorage/pulumi"` offers.

export type { GCScheduleArgs } from "../program/gc-schedule.ts";
export type { GeneratedKeysArgs } from "../program/generated-keys.ts";
export type {
  Role,
  ScopeAction,
  ScopeType,
  TokenRotation,
  TokenScope,
  TokenScopeOutput,
  TokenStatus,
  Visibility,
  Weekday,
} from "../program/named-types.ts";
export type { RegistryArgs } from "../program/registry.ts";
export type { RepositoryArgs } from "../program/repository.ts";
export type { ScopeArgs } from "../program/scope.ts";
export type { TokenArgs } from "../program/token.ts";
export type { UserArgs } from "../program/user.ts";
export { GCSchedule } from "./gc-schedule.ts";
export { GeneratedKeys } from "./generated-keys.ts";
export { Registry } from "./registry.ts";
export { Repository } from "./repository.ts";
export { Scope } from "./scope.ts";
export { Token } from "./token.ts";
export { User } from "./user.ts";
