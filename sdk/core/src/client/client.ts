import { type Location, locationsResponse } from "../contract/location.ts";
import { type Organization, organization } from "../contract/organization.ts";
import { type Vulnerability, vulnerability } from "../contract/vulnerability.ts";
import { ArtifactCalls } from "./artifacts.ts";
import { AuditEventCalls } from "./audit-events.ts";
import { GarbageCollectionCalls } from "./garbage-collections.ts";
import { RegistryCalls } from "./registries.ts";
import { RepositoryCalls } from "./repositories.ts";
import { ScopeCalls } from "./scopes.ts";
import { TokenCalls } from "./tokens.ts";
import { type CallOptions, type ClientOptions, segment, Transport } from "./transport.ts";
import { UserCalls } from "./users.ts";

/** A client of the management API of one server. */
export interface Client {
  readonly registries: RegistryCalls;
  readonly tokens: TokenCalls;
  readonly scopes: ScopeCalls;
  readonly repositories: RepositoryCalls;
  readonly artifacts: ArtifactCalls;
  readonly garbageCollections: GarbageCollectionCalls;
  readonly users: UserCalls;
  /** The caller's organization, with what its registries store. */
  organization(options?: CallOptions): Promise<Organization>;
  /** One vulnerability, or undefined where none of this id is known. */
  vulnerability(id: string, options?: CallOptions): Promise<Vulnerability | undefined>;
  readonly auditEvents: AuditEventCalls;
  /** The locations that registries can be created in. */
  locations(options?: CallOptions): Promise<Location[]>;
  /** Whether a name can be given to a new registry (contract, section 1, "HEAD /names"). */
  checkName(name: string, options?: CallOptions): Promise<"free" | "taken" | "invalid">;
  /** The same client over the same connections; `signal` aborts its calls. */
  under(signal: AbortSignal): Client;
  /** Closes the connections, once the calls under way are done. */
  close(): Promise<void>;
}

/**
 * Makes a client. Connections are kept alive and do not keep the process running. A failed call
 * rejects with a `ClientError`.
 */
export function createClient(options: ClientOptions): Client {
  return clientOver(new Transport(options));
}

function clientOver(transport: Transport): Client {
  return {
    registries: new RegistryCalls(transport),
    tokens: new TokenCalls(transport),
    scopes: new ScopeCalls(transport),
    repositories: new RepositoryCalls(transport),
    artifacts: new ArtifactCalls(transport),
    garbageCollections: new GarbageCollectionCalls(transport),
    users: new UserCalls(transport),
    async organization(call = {}) {
      const path = "/organization";
      const request = { method: "GET", path, repeatability: "repeatable", ...call } as const;
      return await transport.ask(request, organization);
    },
    async vulnerability(id, call = {}) {
      const path = `/vulnerabilities/${segment(id)}`;
      const request = { method: "GET", path, repeatability: "repeatable", ...call } as const;
      return await transport.find(request, vulnerability);
    },
    auditEvents: new AuditEventCalls(transport),
    async locations(call = {}) {
      const answer = await transport.ask(
        { method: "GET", path: "/locations", repeatability: "repeatable", ...call },
        locationsResponse,
      );
      return answer.items;
    },
    async checkName(name, call = {}) {
      const status = await transport.status(
        { method: "HEAD", path: `/names/${segment(name)}`, repeatability: "repeatable", ...call },
        [400, 404],
      );
      if (status === 400) return "invalid";
      return status === 404 ? "free" : "taken";
    },
    under: (signal) => clientOver(transport.under(signal)),
    async close() {
      await transport.close();
    },
  };
}
