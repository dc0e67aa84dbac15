import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import path from "node:path";
import { status } from "@grpc/grpc-js";
import plugins from "@pulumi/pulumi/proto/plugin_pb.js";
import pb from "@pulumi/pulumi/proto/provider_pb.js";
import statuses from "@pulumi/pulumi/proto/status_pb.js";
import empty from "google-protobuf/google/protobuf/empty_pb.js";
import { eventually } from "../../support/eventually.ts";
import { PluginClient } from "../../support/plugin-client.ts";
import { type ScriptedServer, scriptedServer, type Turn } from "../../support/scripted-server.ts";

const ROOT = path.join(import.meta.dirname, "../../..");
const ID = "5d1c7a52-0f3e-4a6e-9b52-0c9a3c1f0e11";
const INPUTS = { location: "de/fra", name: "shop", vulnerabilityScanning: true };

function registry(state: string): Turn {
  return {
    status: 200,
    body: {
      id: ID,
      type: "registry",
      href: "",
      metadata: {
        createdBy: "a@b.example",
        createdByUserId: ID,
        createdDate: "2030-01-01T00:00:00Z",
        state,
      },
      properties: {
        name: "shop",
        location: "de/fra",
        hostname: "",
        features: { vulnerabilityScanning: { enabled: true } },
      },
    },
  };
}

describe("the plugin, when things do not go well", () => {
  let server: ScriptedServer;
  let plugin: PluginClient;
  let turn: () => Turn;
  beforeEach(async () => {
    server = await scriptedServer(() => turn());
    plugin = await PluginClient.start();
    await plugin.configure({ endpoint: server.endpoint, username: "a", password: "b" });
  });
  afterEach(async () => {
    plugin[Symbol.dispose]();
    await server[Symbol.asyncDispose]();
  });

  it("keeps a registry that is not ready in time, and goes on with it", async () => {
    turn = () => registry("New");
    const { id, reason, state } = await unfinished(
      plugin.create("Registry", INPUTS, { timeout: 1 }),
    );
    assert.deepEqual([id, state["name"], state["state"]], [ID, "shop", "New"]);
    assert.match(reason, /^registry "shop": it exists and is not (?:ready|known to be ready)/);
    turn = () => registry("Running");
    const news = { id: ID, state, inputs: INPUTS, news: INPUTS };
    assert.equal((await plugin.update("Registry", news))["state"], "Running");
  });

  it("keeps a registry that it was waiting for when time was up or the run was cancelled", async () => {
    const ends = [{ timeout: 1 }, {}];
    for (const options of ends) {
      const asked = server.received.length;
      turn = () => (server.received.length === asked + 1 ? registry("New") : "silence");
      const creation = unfinished(plugin.create("Registry", INPUTS, options));
      await eventually("the second call", async () => server.received[asked + 1]);
      if (options.timeout === undefined) await plugin.call("cancel", new empty.Empty());
      const { id, reason, state } = await creation;
      assert.deepEqual([id, state["name"]], [ID, "shop"]);
      assert.match(reason, /^registry "shop": it exists and is not known to be ready \(/);
    }
  });

  it("ends what takes longer than its custom time-out", async () => {
    turn = () => "silence";
    await assert.rejects(plugin.create("Registry", INPUTS, { timeout: 1 }), {
      code: status.DEADLINE_EXCEEDED,
      details: 'registry "shop": not done within the 1 s of its customTimeouts',
    });
  });

  it("ends what is under way when the run is cancelled", async () => {
    turn = () => "silence";
    const creation = assert.rejects(plugin.create("Registry", INPUTS), {
      code: status.CANCELLED,
      details: 'registry "shop": the run was cancelled',
    });
    await eventually(
      "the call to be under way",
      async () => server.received.length > 0 || undefined,
    );
    await plugin.call("cancel", new empty.Empty());
    await creation;
  });

  it("says what it does not have", async () => {
    const construct = new pb.ConstructRequest();
    construct.setType("moorage:index:Cluster");
    await assert.rejects(plugin.call("construct", construct), {
      code: status.INVALID_ARGUMENT,
      details: /^there is no component moorage:index:Cluster/,
    });
    const call = new pb.CallRequest();
    call.setTok("moorage:index:Cluster/scale");
    await assert.rejects(plugin.call("call", call), { details: /^there is no component/ });
    await assert.rejects(plugin.call("parameterize", new pb.ParameterizeRequest()), {
      code: status.UNIMPLEMENTED,
    });
    // No other provider's programs are converted into ones of this.
    const none = { code: status.UNIMPLEMENTED };
    await assert.rejects(plugin.call("getMapping", new pb.GetMappingRequest()), none);
    await assert.rejects(plugin.call("getMappings", new pb.GetMappingsRequest()), none);
    const schema = new pb.GetSchemaRequest();
    schema.setVersion(1);
    await assert.rejects(plugin.call("getSchema", schema), { code: status.INVALID_ARGUMENT });
  });

  it("tells engines what it can, and takes to one that it is attached to", async () => {
    const hello = new pb.ProviderHandshakeRequest();
    const able = (await plugin.call<pb.ProviderHandshakeResponse>("handshake", hello)).toObject();
    assert.ok(able.acceptSecrets && able.acceptResources && able.acceptOutputs);
    await plugin.call("attach", new plugins.PluginAttach());
  });
});

/** What the engine is told of a resource that exists and is not usable. */
async function unfinished(creation: Promise<unknown>) {
  const failure = await creation.then(
    () => assert.fail("it must not be ready"),
    (error) => error,
  );
  const [details] = failure.metadata.get("grpc-status-details-bin");
  const [packed] = statuses.Status.deserializeBinary(details).getDetailsList();
  const bytes = packed?.getValue_asU8() ?? Buffer.of();
  const told = pb.ErrorResourceInitFailed.deserializeBinary(bytes);
  const state: Record<string, unknown> = told.getProperties()?.toJavaScript() ?? {};
  return { id: told.getId(), reason: told.getReasonsList()[0] ?? "", state };
}

describe("the plugin's process", () => {
  it("writes its port to standard output and nothing else, and ends by a signal", async () => {
    const launcher = path.join(ROOT, "provider/pulumi/bin/pulumi-resource-moorage");
    const { NODE_OPTIONS: _, ...env } = process.env;
    const child = spawn(launcher, ["127.0.0.1:1"], { env, stdio: ["ignore", "pipe", "pipe"] });
    let [printed, errors] = ["", ""];
    const read = async (): Promise<void> => {
      for await (const chunk of child.stdout) printed += chunk;
    };
    const readErrors = async (): Promise<void> => {
      for await (const chunk of child.stderr) errors += chunk;
    };
    const ended = Promise.all([once(child, "exit"), read(), readErrors()]);
    await eventually("the port", async () => printed.endsWith("\n") || undefined);
    child.kill("SIGTERM");
    const [[code]] = await ended;
    assert.deepEqual([code, errors], [0, ""]);
    assert.match(printed, /^\d{4,5}\n$/);
  });
});
