// Written by `npm run generate` from the package's schema; do not edit.
// The plugin's face: what `import … from "@moorage/pulumi/plugin"` offers.
import "./references.ts";

export type { GCScheduleArgs } from "../program/gc-schedule.ts";
export type { GeneratedKeysArgs } from "../program/generated-keys.ts";
export type {
  Addressing,
  ContainerResources,
  Credentials,
  Destination,
  Gateway,
  GatewayParent,
  HostedPullSecret,
  HostedRegistrySettings,
  HostedSchedule,
  Network,
  Peer,
  Role,
  Route,
  ScopeAction,
  ScopeType,
  Service,
  ServiceMonitor,
  ServiceType,
  Storage,
  StorageType,
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
export {
  type GetCredentialsArgs,
  type GetCredentialsOutputArgs,
  type GetCredentialsResult,
  getCredentials,
  getCredentialsOutput,
} from "./get-credentials.ts";
export { type GetLocationsResult, getLocations, getLocationsOutput } from "./get-locations.ts";
export {
  type GetRegistryArgs,
  type GetRegistryOutputArgs,
  type GetRegistryResult,
  getRegistry,
  getRegistryOutput,
} from "./get-registry.ts";
export {
  type GetRepositoryArgs,
  type GetRepositoryOutputArgs,
  type GetRepositoryResult,
  getRepository,
  getRepositoryOutput,
} from "./get-repository.ts";
export {
  type GetTokenArgs,
  type GetTokenOutputArgs,
  type GetTokenResult,
  getToken,
  getTokenOutput,
} from "./get-token.ts";
export {
  type GetUserArgs,
  type GetUserOutputArgs,
  type GetUserResult,
  getUser,
  getUserOutput,
} from "./get-user.ts";
export { HostedRegistry, type HostedRegistryArgs } from "./hosted-registry.ts";
export {
  type IsNameAvailableArgs,
  type IsNameAvailableOutputArgs,
  type IsNameAvailableResult,
  isNameAvailable,
  isNameAvailableOutput,
} from "./is-name-available.ts";
export { Provider, type ProviderArgs } from "./provider.ts";
export { PullSecret, type PullSecretArgs } from "./pull-secret.ts";
export { Registry } from "./registry.ts";
export { RegistryServer, type RegistryServerArgs } from "./registry-server.ts";
export { Repository } from "./repository.ts";
export { Scope } from "./scope.ts";
export { Token } from "./token.ts";
export { User } from "./user.ts";
