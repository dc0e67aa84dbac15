import type { Grant, UserPrincipal, WorkloadPrincipal } from "../domain/access.ts";
import { RegistryError } from "../domain/errors.ts";
import type { Identity } from "../domain/identity.ts";
import {
  type IdentityProvider,
  providerOf,
  type Standing,
  standingOf,
} from "../domain/identity-provider.ts";
import type { OrganizationId } from "../domain/ids.ts";
import type { Clock } from "../ports/clock.ts";
import type { EventSink } from "../ports/event-sink.ts";
import type { IdentityVerifier } from "../ports/identity-verifier.ts";
import type { MetadataStore } from "../ports/metadata-store.ts";
import { RefusalTrace } from "./refusal-trace.ts";

interface Parts {
  readonly metadata: MetadataStore;
  readonly clock: Clock;
  readonly events: EventSink;
  readonly verifier: IdentityVerifier;
  readonly providers: readonly IdentityProvider[];
}

/** Where an identity stands, and in which organization. */
interface Place {
  readonly organizationId: OrganizationId;
  readonly standing: Standing;
}

/**
 * People and pipelines that identity providers vouch for. None of them has a row: what they are is decided from their claims and the
 * settings each time, so that nothing is left over of somebody whom the provider no longer knows, or the settings no longer admit.
 */
export class Identities {
  readonly #parts: Parts;
  /** By contract number, which never changes hands. */
  readonly #organizations = new Map<number, OrganizationId>();
  /** Both sides remember what they have verified, so the same identity comes back as the same object. */
  readonly #places = new WeakMap<Identity, Place>();

  constructor(parts: Parts) {
    this.#parts = parts;
  }

  /**
   * Who presents a provider's JWT; `undefined` where the text is none.
   * @throws RegistryError `credentials-invalid`, `identity-without-role`, `service-unavailable`
   */
  async signIn(text: string): Promise<UserPrincipal | WorkloadPrincipal | undefined> {
    const identity = JWT.test(text) ? await this.#parts.verifier.verify(text) : undefined;
    return identity && this.recognize(identity, undefined);
  }

  /**
   * Judges an identity by what is configured now: one that just signed in, or one that a bearer token of ours was issued to.
   * @throws RegistryError `credentials-invalid`, `identity-without-role`
   */
  async recognize(
    identity: Identity,
    grant: Grant | undefined,
  ): Promise<UserPrincipal | WorkloadPrincipal> {
    if (identity.expiresAt <= this.#parts.clock.now()) {
      throw new RegistryError("credentials-invalid", {});
    }
    const { organizationId, standing } = this.#places.get(identity) ?? (await this.#find(identity));
    if (standing.kind === "workload") {
      const { scopesByRegistry } = standing;
      return { kind: "workload", organizationId, identity, scopesByRegistry, grant };
    }
    return {
      kind: "user",
      organizationId,
      userId: identity.id,
      email: identity.name,
      role: standing.role,
      identity,
      grant,
    };
  }

  async #find(identity: Identity): Promise<Place> {
    const provider = providerOf(this.#parts.providers, identity);
    if (provider === undefined) {
      throw new RegistryError("credentials-invalid", {});
    }
    const standing = standingOf(provider, identity.claims);
    const organizationId = standing && (await this.#organization(provider.organization));
    if (standing === undefined || organizationId === undefined) {
      const { id, name } = identity;
      const actor = { kind: "unknown", id, name } as const;
      const why = "identity-without-role";
      const cause = new RefusalTrace({ actor, organizationId, why });
      throw new RegistryError("identity-without-role", {}, { cause });
    }
    const place = { organizationId, standing };
    this.#places.set(identity, place);
    return place;
  }

  async #organization(contractNumber: number): Promise<OrganizationId | undefined> {
    const known = this.#organizations.get(contractNumber);
    if (known !== undefined) {
      return known;
    }
    const { metadata, events } = this.#parts;
    const [found] = await metadata.organizations.list({ after: contractNumber - 1, limit: 1 });
    if (found?.contractNumber !== contractNumber) {
      events.warn("identity-organization-unknown", { contractNumber });
      return undefined;
    }
    this.#organizations.set(contractNumber, found.id);
    return found.id;
  }
}

/** The compact form of a JWS whose header is a JSON object; the signature may be empty, which is for the verifier to refuse. */
const JWT = /^eyJ[\w-]+\.[\w-]+\.[\w-]*$/;
