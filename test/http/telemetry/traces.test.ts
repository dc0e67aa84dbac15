import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { digestOf, someContent } from "../../support/content.ts";
import { assertStatus, withDigest } from "../../support/distribution-client.ts";
import { eventually } from "../../support/eventually.ts";
import type { Answer } from "../../support/http-request.ts";
import { EVERYTHING, manage } from "../../support/management.ts";
import { OtlpReceiver } from "../../support/otlp-receiver.ts";
import { type RegistryUnderTest, startRegistry } from "../../support/registry-under-test.ts";

const SERVER = 2;
const MIB = 1024 * 1024;

describe("traces", () => {
  let receiver: OtlpReceiver;
  let under: RegistryUnderTest;

  before(async () => {
    receiver = await OtlpReceiver.start();
    under = await startRegistry({
      MOORAGE_WORKERS: "2",
      OTEL_EXPORTER_OTLP_ENDPOINT: receiver.endpoint,
      OTEL_EXPORTER_OTLP_HEADERS: "x-tenant=harbour%20one",
      OTEL_SERVICE_NAME: "moorage-under-test",
    });
  });
  after(async () => {
    await under.server.stop();
    await receiver.stop();
  });

  const makeTraceparent = (flags: "00" | "01") => {
    const traceId = randomBytes(16).toString("hex");
    const spanId = randomBytes(8).toString("hex");
    return { traceId, spanId, headers: { traceparent: `00-${traceId}-${spanId}-${flags}` } };
  };

  /** The spans of a trace, once the one around them has arrived, which ends last. */
  const arrived = (traceId: string) =>
    eventually("a trace to arrive", async () => {
      const spans = receiver.trace(traceId);
      return spans.some(({ kind }) => kind === SERVER) ? spans : undefined;
    });

  const traceIdOf = ({ headers }: Answer) => {
    const [, traceId] = /^00-([0-9a-f]{32})-[0-9a-f]{16}-01$/.exec(
      String(headers["traceresponse"]),
    ) ?? [undefined, ""];
    assert.notEqual(traceId, "", String(headers["traceresponse"]));
    return traceId ?? "";
  };

  it("show a push of a manifest: the request, its use case, the transactions", async () => {
    const { client, registry } = under;
    const { bytes } = await client.pushImage("team/app", "first");
    const answer = await client.putManifest("team/app", "second", bytes);
    const spans = await arrived(traceIdOf(answer));
    const request = spans.find(({ kind }) => kind === SERVER);
    const useCase = spans.find(({ name }) => name === "use case push-manifest");
    const put = spans.find(({ name }) => name === "metadata manifests.put");
    assert.equal(request?.name, "PUT /v2/{name}/manifests/{reference}");
    assert.equal(request?.parentSpanId, undefined);
    assert.equal(useCase?.parentSpanId, request?.spanId);
    assert.equal(put?.parentSpanId, useCase?.spanId);
    // Which look-ups there are besides depends on what the worker's cache knows.
    for (const { name, parentSpanId } of spans.filter((span) => span !== request)) {
      assert.ok([request?.spanId, useCase?.spanId].includes(parentSpanId ?? ""), name);
    }
    const { attributes } = request ?? assert.fail();
    assert.equal(attributes["http.request.method"], "PUT");
    assert.equal(attributes["http.route"], "/v2/{name}/manifests/{reference}");
    assert.equal(attributes["http.response.status_code"], 201);
    assert.equal(attributes["moorage.api"], "distribution");
    assert.equal(attributes["moorage.registry"], registry.name);
    assert.equal(attributes["moorage.repository"], "team/app");
  });

  it("show what a large blob's push and pull cost in storage", async () => {
    const { client } = under;
    const bytes = someContent(2 * MIB);
    const location = await client.startUpload("team/app");
    const put = await client.send("PUT", withDigest(location, digestOf(bytes)), { body: bytes });
    assertStatus(put, 201);
    const pushed = await arrived(traceIdOf(put));
    const stored = pushed.find(({ name }) => name === "storage put");
    assert.ok(Number(stored?.attributes["moorage.bytes"]) >= bytes.length);
    const synced = pushed.find(({ name }) => name === "storage fsync");
    assert.equal(synced?.parentSpanId, stored?.spanId);

    const got = await client.ask("GET", "team/app", `blobs/${digestOf(bytes)}`);
    assert.ok(got.body.equals(bytes));
    const pulled = await arrived(traceIdOf(got));
    const read = pulled.find(({ name }) => name === "storage get");
    assert.ok(Number(read?.attributes["moorage.bytes"]) >= bytes.length);
    const useCase = pulled.find(({ spanId }) => spanId === read?.parentSpanId);
    assert.equal(useCase?.name, "use case pull-blob");
  });

  it("go on where the client's own trace stands", async () => {
    const { client } = under;
    const { traceId, spanId, headers } = makeTraceparent("01");
    const answer = await client.ask("HEAD", "team/app", "manifests/first", { headers });
    assert.equal(traceIdOf(answer), traceId);
    const request = (await arrived(traceId)).find(({ kind }) => kind === SERVER);
    assert.equal(request?.parentSpanId, spanId);
  });

  it("are not collected where the client's own trace is not", async () => {
    const { client } = under;
    const unwanted = makeTraceparent("00");
    const wanted = makeTraceparent("01");
    const answer = await client.ask("GET", "team/app", "manifests/first", unwanted);
    assert.match(
      String(answer.headers["traceresponse"]),
      new RegExp(`^00-${unwanted.traceId}-.*-00$`),
    );
    await client.ask("GET", "team/app", "manifests/first", wanted);
    await arrived(wanted.traceId);
    assert.deepEqual(receiver.trace(unwanted.traceId), []);
  });

  it("begin anew where the client's header is not one", async () => {
    const { client } = under;
    for (const traceparent of ["rubbish", `00-${"0".repeat(32)}-${"0".repeat(16)}-01`, ""]) {
      const answer = await client.ask("HEAD", "team/app", "manifests/first", {
        headers: { traceparent },
      });
      assertStatus(answer, 200);
      assert.doesNotMatch(traceIdOf(answer), /^0+$/);
    }
  });

  it("name refusals by their reason, and call no refusal a failure", async () => {
    const { client } = under;
    const answer = await client.ask("GET", "team/app", "manifests/none");
    const spans = await arrived(traceIdOf(answer));
    const useCase = spans.find(({ name }) => name === "use case pull-manifest");
    assert.equal(useCase?.attributes["error.type"], "manifest-unknown");
    assert.ok(spans.every(({ isFailed }) => !isFailed));
  });

  it("show the management API's requests, also those with a body", async () => {
    const { server, registry } = under;
    const path = `/registries/${registry.id}/tokens`;
    const made = await manage(server.url, "POST", path, {
      properties: { name: "traced", scopes: [EVERYTHING] },
    });
    assert.equal(made.status, 201);
    const [, traceId = ""] = String(made.headers.get("traceresponse")).split("-");
    const spans = await arrived(traceId);
    const request = spans.find(({ kind }) => kind === SERVER);
    assert.equal(request?.name, "POST /registries/{registryId}/tokens");
    assert.equal(request?.attributes["moorage.registry.id"], registry.id);
    const useCase = spans.find(
      ({ parentSpanId, name }) => parentSpanId === request?.spanId && name.startsWith("use case"),
    );
    assert.ok(
      spans.some(
        ({ name, parentSpanId }) =>
          name === "metadata tokens.create" && parentSpanId === useCase?.spanId,
      ),
      spans.map(({ name }) => name).join(),
    );
  });

  it("stand in the log beside the request's id", async () => {
    const { client, server } = under;
    const answer = await client.ask("GET", "team/app", "manifests/first");
    const traceId = traceIdOf(answer);
    const line = await eventually("the request's line in the log", async () =>
      server.log.split("\n").find((each) => each.includes(traceId)),
    );
    const logged = JSON.parse(line);
    assert.equal(logged.event, "request");
    assert.match(logged.spanId, /^[0-9a-f]{16}$/);
    const request = (await arrived(traceId)).find(({ kind }) => kind === SERVER);
    assert.equal(request?.attributes["moorage.request.id"], logged.requestId);
  });

  it("come under the service's name, with the collector's credentials and without any of ours", async () => {
    const { token, client } = under;
    await arrived(traceIdOf(await client.ask("GET", "team/app", "tags/list?n=7&last=peculiar")));
    assert.deepEqual([...receiver.services], ["moorage-under-test"]);
    assert.ok(receiver.headers.every((headers) => headers["x-tenant"] === "harbour one"));
    const secrets = [token.password, Buffer.from(token.password).toString("base64"), "peculiar"];
    for (const secret of [...secrets, "authorization"]) {
      assert.ok(!receiver.raw.includes(secret), secret);
    }
  });
});
