import type { Operator } from "../domain/audit.ts";
import { RegistryError } from "../domain/errors.ts";
import { operatorSignature } from "../domain/registry.ts";
import type { User } from "../domain/user.ts";
import { auditEvent } from "./audit-event.ts";
import type { Context } from "./context.ts";

export interface ResetPassword {
  readonly user: User;
  /** The new password: only this once. */
  readonly password: string;
}

/**
 * Gives somebody, of whatever organization, a new password that is generated. For the server's operator, where nobody else can help.
 * @throws RegistryError `user-unknown`, `user-changed`
 */
export async function resetPassword(
  context: Pick<Context, "metadata" | "hasher" | "ids" | "clock">,
  operator: Operator,
  email: string,
): Promise<ResetPassword> {
  const { users } = context.metadata;
  const password = context.ids.password();
  const passwordHash = await context.hasher.hashPassword(password);
  const found = await users.findByEmail(email);
  const event =
    found &&
    auditEvent(context, operator, {
      action: "user.change",
      organizationId: found.organizationId,
      resource: { type: "user", id: found.id, name: found.email },
      changes: ["password"],
    });
  const user =
    found &&
    (await users.update(
      found.organizationId,
      found.id,
      { passwordHash },
      operatorSignature(context.clock.now()),
      found.revision,
      event,
    ));
  if (user === undefined) {
    throw new RegistryError("user-unknown", { user: email });
  }
  return { user, password };
}
