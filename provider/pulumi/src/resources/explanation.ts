import { ClientError } from "@moorage/core/client/client-error";
import { ResourceError } from "./resource.ts";

/** A failure as one sentence that names the resource. A fault of ours keeps its stack. */
export function explained(resource: string, error: unknown): unknown {
  if (!(error instanceof ClientError) && !(error instanceof ResourceError)) return error;
  const told = new Error(`${resource}: ${explanation(error)}`);
  // The engine prints the stack beside the message, and nobody who reads it can use it.
  told.stack = "";
  return told;
}

function explanation(error: ClientError | ResourceError): string {
  if (error instanceof ResourceError) return error.message;
  if (error.code === "unreachable") {
    return `${error.message}: start the server, or correct moorage:endpoint (MOORAGE_ENDPOINT)`;
  }
  if (error.code === "unauthorized") {
    return "the server does not accept the user name and password (401): correct moorage:username and moorage:password (MOORAGE_USERNAME, MOORAGE_PASSWORD)";
  }
  return error.message;
}
