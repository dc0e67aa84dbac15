// The package's face: what `import … from "@moorage/pulumi"` offers.
export { GCSchedule, type GCScheduleArgs } from "./gc-schedule.ts";
export { Registry, type RegistryArgs } from "./registry.ts";
export { Repository, type RepositoryArgs } from "./repository.ts";
export { Scope, type ScopeArgs } from "./scope.ts";
export { Token, type TokenArgs, type TokenScope, type TokenScopeOutput } from "./token.ts";
export { User, type UserArgs } from "./user.ts";
