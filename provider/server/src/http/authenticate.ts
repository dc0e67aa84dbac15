import type { FastifyRequest } from "fastify";
import { authenticate } from "../app/authenticate.ts";
import type { Context } from "../app/context.ts";
import type { Principal } from "../domain/access.ts";
import { parseAuthorization } from "./wire/authorization.ts";

/**
 * Who is asking; what they may do is for the use case to decide. `bearerGraceSeconds` is for requests on an upload that its starter goes
 * on with.
 */
export type Authenticator = (
  request: FastifyRequest,
  bearerGraceSeconds?: number,
) => Promise<Principal>;

/** @throws RegistryError `credentials-invalid`, `sign-in-slowed`, `too-many-requests` */
export function authenticator(context: Context): Authenticator {
  return async (request, bearerGraceSeconds) => {
    const credentials = parseAuthorization(request.headers.authorization);
    const address = request.ip;
    const presented = { address, bearerGraceSeconds };
    return { ...(await authenticate(context, credentials, presented)), address };
  };
}
