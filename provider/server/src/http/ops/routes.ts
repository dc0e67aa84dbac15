import type { FastifyError, FastifyPluginAsync } from "fastify";
import { checkReadiness } from "../../app/check-readiness.ts";
import type { Context } from "../../app/context.ts";
import type { RegistryError } from "../../domain/errors.ts";
import { apiErrorAnswer } from "../wire/api-errors.ts";

/** Health and readiness, for probes: `GET /healthz` says that the process answers, `GET /readyz` that it can serve. */
export function opsApi(context: Context): FastifyPluginAsync {
  return async (app) => {
    app.setErrorHandler<FastifyError | RegistryError>((error, request, reply) => {
      const { status, headers, body, isFault } = apiErrorAnswer(error, request.id);
      if (isFault) {
        context.events.error("request-failed", error, { requestId: request.id });
      }
      return reply.code(status).headers(headers).send(body);
    });
    const alsoHead = { exposeHeadRoute: true };
    app.get("/healthz", alsoHead, async () => ({ status: "ok" }));
    app.get("/readyz", alsoHead, async (_request, reply) => {
      const isReady = await checkReadiness(context);
      return reply.code(isReady ? 200 : 503).send({ status: isReady ? "ok" : "unavailable" });
    });
  };
}
