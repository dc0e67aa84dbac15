import type { AuditActor } from "../domain/audit.ts";
import { RegistryError } from "../domain/errors.ts";
import { RefusalTrace } from "./refusal-trace.ts";

/** The client is told the same in every case; the audit log is told who it seems to have been. */
export function invalidCredentials(trace: Partial<RefusalTrace>): RegistryError {
  return new RegistryError("credentials-invalid", {}, { cause: new RefusalTrace(trace) });
}

/** Somebody of whom only the name is known that they gave. */
export function unknownActor(name: string): AuditActor {
  return { kind: "unknown", id: undefined, name };
}
