import type { Operator } from "../../provider/server/src/domain/audit.ts";

/** Somebody at the server's machine. */
export const OPERATOR: Operator = {
  kind: "operator",
  name: "root",
  origin: { address: "local", requestId: "process 1", userAgent: "moorage test" },
};
