import { userInfo } from "node:os";
import type { Operator } from "../domain/audit.ts";
import type { Surroundings } from "./command.ts";

/** Who runs a command, as the machine knows them: what the audit log says of it. */
export function operatorOf(command: string, { environment }: Surroundings): Operator {
  const name = nameOfUser();
  const behind = environment["SUDO_USER"];
  return {
    kind: "operator",
    name: behind === undefined || behind === name ? name : `${name} (for ${behind})`,
    origin: {
      address: "local",
      requestId: `process ${process.pid}`,
      userAgent: `moorage ${command}`,
    },
  };
}

function nameOfUser(): string {
  try {
    return userInfo().username;
  } catch {
    // A container may run under a number that nobody has.
    return `user ${process.getuid?.() ?? "unknown"}`;
  }
}
