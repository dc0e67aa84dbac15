import type { Socket } from "node:net";
import type { FastifyRequest } from "fastify";
import { authenticate, type Credentials, recognize } from "../app/authenticate.ts";
import type { Context } from "../app/context.ts";
import type { Principal } from "../domain/access.ts";
import { type AtOnce, goOn } from "../domain/at-once.ts";
import { parseAuthorization } from "./wire/authorization.ts";

/**
 * Who is asking; what they may do is for the use case to decide. `bearerGraceSeconds` is for requests on an upload that its starter goes
 * on with.
 */
export type Authenticator = (
  request: FastifyRequest,
  bearerGraceSeconds?: number,
) => AtOnce<Principal>;

/** What a connection has brought last. */
interface LastHeader {
  readonly header: string | undefined;
  readonly credentials: Credentials;
}

/**
 * Clients send the same header with every request of a connection, so it is read, and a token's secret hashed, once for each. Whom the credentials
 * stand for is looked up every time.
 * @throws RegistryError `credentials-invalid`, `sign-in-slowed`, `too-many-requests`
 */
export function authenticator(context: Context): Authenticator {
  const lastHeaders = new WeakMap<Socket, LastHeader>();
  return (request, bearerGraceSeconds) => {
    const { headers, socket } = request.raw;
    const header = headers.authorization;
    let last = lastHeaders.get(socket);
    if (last === undefined || last.header !== header) {
      last = { header, credentials: recognize(context, parseAuthorization(header)) };
      lastHeaders.set(socket, last);
    }
    const address = request.ip;
    const presented = { address, bearerGraceSeconds };
    return goOn(authenticate(context, last.credentials, presented), (found) => {
      const principal = { ...found, address };
      request.principal = principal;
      return principal;
    });
  };
}
