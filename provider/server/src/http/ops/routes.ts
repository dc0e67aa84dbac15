import type { FastifyPluginAsync } from "fastify";
import { checkReadiness } from "../../app/check-readiness.ts";
import type { Context } from "../../app/context.ts";

/** Health and readiness, for probes: `GET /healthz` says that the process answers, `GET /readyz` that it can serve. */
export function opsApi(context: Context): FastifyPluginAsync {
  return async (app) => {
    app.get("/healthz", async () => ({ status: "ok" }));
    app.get("/readyz", async (_request, reply) => {
      const isReady = await checkReadiness(context);
      return reply.code(isReady ? 200 : 503).send({ status: isReady ? "ok" : "unavailable" });
    });
  };
}
