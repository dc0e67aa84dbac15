import assert from "node:assert/strict";
import { once } from "node:events";
import { createServer, type IncomingMessage } from "node:http";
import type { AddressInfo } from "node:net";
import { send } from "../../support/http-request.ts";
import { OtlpReceiver } from "../../support/otlp-receiver.ts";
import { RunningServer } from "../../support/running-server.ts";

describe("a request that asks an identity provider", () => {
  it("tells it of the trace, and of no credentials", async () => {
    const asked: IncomingMessage["headers"][] = [];
    const provider = createServer((request, response) => {
      asked.push(request.headers);
      response.writeHead(404).end();
    });
    provider.listen(0, "127.0.0.1");
    await once(provider, "listening");
    const { port } = provider.address() as AddressInfo;
    const issuer = `http://127.0.0.1:${port}`;
    const receiver = await OtlpReceiver.start();
    const server = await RunningServer.start({
      MOORAGE_WORKERS: "1",
      MOORAGE_OIDC_ISSUER: issuer,
      MOORAGE_OIDC_AUDIENCE: "moorage",
      MOORAGE_OIDC_ROLES: "admin=admin",
      OTEL_EXPORTER_OTLP_ENDPOINT: receiver.endpoint,
    });
    try {
      const part = (value: object) => Buffer.from(JSON.stringify(value)).toString("base64url");
      const jwt = `${part({ alg: "RS256", kid: "k" })}.${part({ iss: issuer })}.c2ln`;
      const headers = { authorization: `Bearer ${jwt}` };
      const answer = await send(server.url, "GET", "/v2/", { headers });
      assert.equal(answer.status, 503);
      const [, traceId] = String(answer.headers["traceresponse"]).split("-");
      const [first] = asked;
      assert.match(String(first?.["traceparent"]), new RegExp(`^00-${traceId}-[0-9a-f]{16}-01$`));
      assert.equal(first?.authorization, undefined);
    } finally {
      await server.stop();
      await receiver.stop();
      provider.close();
      provider.closeAllConnections();
    }
  });
});
