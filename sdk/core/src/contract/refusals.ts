import type { z } from "zod";
import type { ErrorMessage } from "./errors.ts";

/** Refusals reported for one request; more would help nobody. */
const REFUSALS_MAX = 20;

/**
 * What a schema of this contract found wrong, as messages of the contract's error body. Each message
 * is a sentence that says what would be right; where the field lies deeper than the resource's own
 * properties, the sentence says where. `errorCode` is `unknown-field`, the code that a rule of the
 * contract carries (`push-needs-pull`), or `invalid-` and the field in kebab-case (`invalid-name`).
 */
export function refusalsOf(error: z.ZodError): ErrorMessage[] {
  const messages = new Map<string, ErrorMessage>();
  for (const issue of error.issues.slice(0, REFUSALS_MAX)) {
    const path = issue.path[0] === "properties" ? issue.path.slice(1) : issue.path;
    const message = path.length > 1 ? `${place(path)}: ${issue.message}` : issue.message;
    messages.set(message, { errorCode: codeOf(issue, path), message });
  }
  return [...messages.values()];
}

function codeOf(issue: z.core.$ZodIssue, path: readonly PropertyKey[]): string {
  if (issue.code === "unrecognized_keys") return "unknown-field";
  if (issue.code === "custom" && typeof issue.params?.["errorCode"] === "string") {
    return issue.params["errorCode"];
  }
  const field = path[0] === undefined ? "body" : String(path[0]);
  const kebab = field
    .replace(/([a-z0-9])([A-Z])/g, "$1-$2")
    .replace(/\./g, "-")
    .toLowerCase();
  return `invalid-${kebab}`;
}

function place(path: readonly PropertyKey[]): string {
  return path
    .map((step, index) => {
      if (typeof step === "number") return `[${step}]`;
      return index === 0 ? String(step) : `.${String(step)}`;
    })
    .join("");
}
