import type { AuditActor, AuditRegistry } from "../domain/audit.ts";
import type { OrganizationId } from "../domain/ids.ts";

/**
 * What the audit log is told of a refusal and the client is not. It travels as the refusal's `cause`, which is part of no answer.
 */
export class RefusalTrace {
  readonly actor: AuditActor | undefined;
  readonly organizationId: OrganizationId | undefined;
  readonly registry: AuditRegistry | undefined;
  /** Why, in a word or two: `password-wrong`, `token-expired`. */
  readonly why: string | undefined;

  constructor(facts: Partial<RefusalTrace>) {
    this.actor = facts.actor;
    this.organizationId = facts.organizationId;
    this.registry = facts.registry;
    this.why = facts.why;
  }
}
