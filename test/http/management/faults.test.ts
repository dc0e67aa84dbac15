import assert from "node:assert/strict";
import { apiErrorResponse } from "@moorage/core/contract/errors";
import type { FastifyInstance } from "fastify";
import type { Context } from "../../../provider/server/src/app/context.ts";
import { RegistryError } from "../../../provider/server/src/domain/errors.ts";
import { createServer } from "../../../provider/server/src/http/server.ts";
import { type Application, startApplication } from "../../support/application.ts";
import { basic, OWNER } from "../../support/management.ts";
import { answered, refused } from "../../support/management-answer.ts";

describe("faults of the server under the management API", () => {
  let application: Application;
  let server: FastifyInstance;
  let url: string;
  /** What every look at registries throws. */
  let failure: unknown;
  before(async () => {
    application = await startApplication();
    server = createServer(failing(application.context));
    url = await server.listen({ host: "127.0.0.1", port: 0 });
  });
  after(async () => {
    await server.close();
    await application.close();
  });

  function failing(context: Context): Context {
    const list = async () => {
      throw failure;
    };
    const metadata = new Proxy(context.metadata, {
      get: (target, name) => (name === "registries" ? { list } : Reflect.get(target, name, target)),
    });
    return { ...context, metadata };
  }
  const ask = () => fetch(`${url}/registries`, { headers: { authorization: basic(OWNER) } });

  it("are answered with the request's id and nothing else, and logged whole", async () => {
    failure = new Error("SQLITE_CORRUPT: table secrets is malformed");
    const { messages } = await answered(await ask(), 500, apiErrorResponse);
    const [message] = messages ?? [];
    assert.equal(message?.errorCode, "internal-error");
    assert.doesNotMatch(message.message, /SQLITE|secrets/);
    const [logged] = application.events.named("request-failed");
    assert.equal(logged?.error, failure);
    const requestId = String(logged?.fields?.["requestId"]);
    assert.ok(message.message.includes(requestId));
  });

  it("are told from what passes by waiting, which says for how long", async () => {
    failure = new RegistryError("service-unavailable", { retryAfterSeconds: 7 });
    const answer = await ask();
    assert.equal(answer.headers.get("retry-after"), "7");
    assert.deepEqual(await refused(answer, 503), ["service-unavailable"]);
  });
});
