import type { FastifyError, FastifyPluginAsync, FastifyReply, FastifyRequest } from "fastify";
import { countVisit } from "../../app/admit.ts";
import { authenticate, type Credentials } from "../../app/authenticate.ts";
import type { Context } from "../../app/context.ts";
import { issueBearer, type RequestedAccess } from "../../app/issue-bearer.ts";
import { RegistryError } from "../../domain/errors.ts";
import { BEARER_SCOPES_MAX, CREDENTIALS_LENGTH_MAX } from "../../domain/limits.ts";
import { auditRefusal } from "../audited-refusals.ts";
import { protectBrowsers } from "../security-headers.ts";
import { parseAuthorization } from "../wire/authorization.ts";
import { frameworkCodeOf, refusalOfFramework } from "../wire/framework-refusals.ts";
import { ociAnswer, ociErrorBody, ociFaultBody } from "../wire/oci-errors.ts";
import { parseHost, type RegistryAddress, targetOf } from "../wire/registry-address.ts";
import { urlOf } from "../wire/request-url.ts";
import { retryHeaders } from "../wire/retry-headers.ts";

const FORM_BYTES_MAX = 2 * CREDENTIALS_LENGTH_MAX;
const FORM = "application/x-www-form-urlencoded";

/**
 * The token endpoint of the Bearer challenge: `GET /token` (Docker token authentication, "Requesting a Token") and `POST /token` with a form
 * (the same, "OAuth2"), which containerd and docker try as well.
 */
export function signInApi(context: Context): FastifyPluginAsync {
  return async (app) => {
    await protectBrowsers(app);
    app.removeAllContentTypeParsers();
    app.addContentTypeParser(
      FORM,
      { parseAs: "string", bodyLimit: FORM_BYTES_MAX },
      (_request, body, done) => done(null, new URLSearchParams(String(body))),
    );
    app.setErrorHandler<FastifyError | RegistryError>((error, request, reply) =>
      refuse(context, error, request, reply),
    );
    // A secret in a body is nobody's to keep (RFC 6749, section 5.1).
    app.addHook("onRequest", async (_request, reply) => {
      reply.header("Cache-Control", "no-store");
    });
    app.get("/token", (request) =>
      issue(
        context,
        parseAuthorization(request.headers.authorization),
        request,
        new URLSearchParams(urlOf(request).query),
      ),
    );
    app.post("/token", (request) => {
      const form = request.body instanceof URLSearchParams ? request.body : new URLSearchParams();
      return issue(context, credentialsOf(form), request, form);
    });
  };
}

async function issue(
  context: Context,
  credentials: Credentials,
  { ip: address, portRegistry }: FastifyRequest,
  parameters: URLSearchParams,
) {
  const principal = { ...(await authenticate(context, credentials, { address })), address };
  countVisit(principal);
  const service = parameters.get("service") ?? undefined;
  const place = portRegistry ?? parseHost(service, context.settings.domain);
  const requested = parameters
    .getAll("scope")
    .flatMap((scope) => scope.split(" "))
    .filter((scope) => scope !== "")
    .slice(0, BEARER_SCOPES_MAX)
    .flatMap((scope) => parseScope(scope, place));
  const { bearer, issuedAt, lifetimeSeconds } = await issueBearer(context, principal, requested);
  return {
    token: bearer,
    access_token: bearer,
    expires_in: lifetimeSeconds,
    issued_at: new Date(issuedAt).toISOString(),
  };
}

/** `repository:<name>:<action>,…` or `registry:catalog:*`; what is of another form is passed over. A name may itself hold colons. */
function parseScope(scope: string, place: RegistryAddress): RequestedAccess[] {
  const [type, ...rest] = scope.split(":");
  const actions = rest.pop() ?? "";
  const name = rest.join(":");
  // `repository(plugin)` is what docker sends for a plugin: a repository all the same.
  if (type === "repository" || type === "repository(plugin)") {
    const target = targetOf(place, name);
    return [{ kind: "repository", target, actions: actions.split(",") }];
  }
  return type === "registry" && name === "catalog" ? [{ kind: "catalog" }] : [];
}

function credentialsOf(form: URLSearchParams): Credentials {
  if (form.get("grant_type") !== "password") {
    const problem = 'grant_type must be "password"; refresh tokens are not issued';
    throw new RegistryError("body-invalid", { problem });
  }
  return {
    kind: "basic",
    username: form.get("username") ?? "",
    password: form.get("password") ?? "",
  };
}

async function refuse(
  context: Context,
  error: FastifyError | RegistryError,
  request: FastifyRequest,
  reply: FastifyReply,
) {
  auditRefusal(context, request, error);
  reply.type("application/json");
  const refusal =
    error instanceof RegistryError ? error : refusalOfFramework(error, FORM_BYTES_MAX);
  if (refusal !== undefined) {
    const { status, body } = ociAnswer(refusal);
    if (status === 401) {
      reply.header("WWW-Authenticate", 'Basic realm="moorage"');
    }
    return reply.code(status).headers(retryHeaders(refusal)).send(body);
  }
  if (frameworkCodeOf(error) === "FST_ERR_CTP_INVALID_MEDIA_TYPE") {
    const message = `the body must have the content type ${FORM}`;
    return reply.code(415).send(ociErrorBody("UNSUPPORTED", message, {}));
  }
  context.events.error("request-failed", error, { requestId: request.id });
  return reply.code(500).send(ociFaultBody(request.id));
}
