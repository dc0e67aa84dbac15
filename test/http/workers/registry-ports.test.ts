import assert from "node:assert/strict";
import { once } from "node:events";
import { Agent, get } from "node:http";
import { createServer } from "node:net";
import { assertStatus, DistributionClient } from "../../support/distribution-client.ts";
import { eventually } from "../../support/eventually.ts";
import { freePorts } from "../../support/free-port.ts";
import { send } from "../../support/http-request.ts";
import { makeRegistry, makeToken, manage, OWNER } from "../../support/management.ts";
import { RunningServer } from "../../support/running-server.ts";

interface MadeWithPort {
  readonly id: string;
  readonly name: string;
  readonly port: number;
  readonly url: string;
}

/** Two processes of two workers each, on one data directory and one range of ports. Each request goes over a connection of its own. */
describe("registries with ports of their own", () => {
  let from: number;
  let server: RunningServer;
  let other: RunningServer;

  before(async () => {
    from = await freePorts(3);
    const settings = {
      MOORAGE_WORKERS: "2",
      MOORAGE_ADDRESSING: "port",
      MOORAGE_REGISTRY_PORTS: `${from}-${from + 2}`,
    };
    server = await RunningServer.start(settings);
    other = await RunningServer.start({ ...settings, MOORAGE_DATA_DIR: server.dataDir });
  });
  after(async () => {
    await other.stop();
    await server.stop();
  });
  afterEach(async () => {
    const listed = await manage(server.url, "GET", "/registries");
    for (const { id } of Object(await listed.json()).items) {
      await manage(server.url, "DELETE", `/registries/${id}`);
    }
    await eventually("all ports to be shut", async () =>
      (await freePorts(3, from)) === from ? true : undefined,
    );
  });

  async function make(name: string): Promise<MadeWithPort> {
    const { id } = await makeRegistry(server.url, name);
    const { port, endpoint } = await propertiesOf(id);
    assert.equal(endpoint, `127.0.0.1:${port}`);
    return { id, name, port, url: `http://127.0.0.1:${port}` };
  }

  /** What the first process says of a registry. */
  async function propertiesOf(id: string) {
    const answer = await manage(server.url, "GET", `/registries/${id}`);
    assert.equal(answer.status, 200);
    const { port, endpoint } = Object(await answer.json()).properties;
    return { port: Number(port), endpoint: String(endpoint) };
  }

  /** `undefined` where nobody listens. */
  async function statusAt(url: string, path = "/v2/"): Promise<number | undefined> {
    return (await send(url, "GET", path).catch(() => undefined))?.status;
  }

  const untilOpen = ({ url }: MadeWithPort) =>
    eventually(`${url} to answer`, async () => (await statusAt(url)) && true);
  const untilShut = ({ url }: MadeWithPort) =>
    eventually(`${url} to be shut`, async () =>
      (await statusAt(url)) === undefined ? true : undefined,
    );

  it("open them when they are created, and shut them when they are deleted, in every process", async () => {
    const shop = await make("shop");
    assert.equal(shop.port, from);
    await untilOpen(shop);
    await server.kill("SIGTERM");
    await untilOpen(shop);
    await server.restart();
    await untilOpen(shop);
    await other.kill("SIGTERM");
    await untilOpen(shop);
    await other.restart();
    const removed = await manage(server.url, "DELETE", `/registries/${shop.id}`);
    assert.equal(removed.status, 204);
    await untilShut(shop);
    assert.equal((await make("again")).port, from);
  });

  it("serve their own content there, and nothing else", async () => {
    const [shop, attic] = [await make("shop"), await make("attic")];
    await untilOpen(shop);
    await untilOpen(attic);
    for (const registry of [shop, attic]) {
      const token = await makeToken(server.url, registry, "ci");
      const client = new DistributionClient({
        url: registry.url,
        registry: "",
        credentials: token,
      });
      assert.equal((await client.send("GET", "/v2/")).status, 200);
      const pushed = await client.send("POST", "/v2/team/app/blobs/uploads/");
      assertStatus(pushed, 202);
      assert.match(pushed.headers.location ?? "", /^\/v2\/team\/app\/blobs\/uploads\//);
    }
    const credentials = OWNER;
    const atShop = new DistributionClient({ url: shop.url, registry: "", credentials });
    const byPath = new DistributionClient({ url: server.url, registry: "shop", credentials });
    const { digest } = await byPath.pushImage("app", "1");
    const manifest = await atShop.send("HEAD", "/v2/app/manifests/1");
    assert.equal(manifest.headers["docker-content-digest"], digest);
    for (const path of [
      "/v2/attic/team/app/manifests/1",
      "/v2/shop/app/manifests/1",
      "/containerregistries/registries",
      "/registries",
    ]) {
      assert.equal((await atShop.send("GET", path)).status, 404, path);
    }
    const host = "attic.cr.de-fra.localhost";
    const hosted = await atShop.send("HEAD", "/v2/app/manifests/1", { headers: { host } });
    assert.equal(hosted.status, 200, "the port counts, not the host name");
    assert.equal(await statusAt(shop.url, "/healthz"), 200);
    const listed = await atShop.send("GET", "/v2/_catalog");
    assert.deepEqual(JSON.parse(listed.body.toString()), { repositories: ["app"] });
  });

  it("send clients to the token endpoint at the same port", async () => {
    const shop = await make("shop");
    await untilOpen(shop);
    const challenge = (await send(shop.url, "GET", "/v2/")).headers["www-authenticate"] ?? "";
    assert.match(challenge, new RegExp(`realm="${shop.url}/token"`));
  });

  it("refuse what comes over a connection that was open when the registry went", async () => {
    const shop = await make("shop");
    await untilOpen(shop);
    const agent = new Agent({ keepAlive: true, maxSockets: 1 });
    const ask = async () => {
      const request = get(`${shop.url}/v2/`, { agent });
      const [answer] = await once(request, "response");
      answer.resume();
      await once(answer, "end");
      return { status: answer.statusCode, isReused: request.reusedSocket };
    };
    try {
      assert.equal((await ask()).status, 401);
      await manage(server.url, "DELETE", `/registries/${shop.id}`);
      await untilShut(shop);
      assert.deepEqual(await ask(), { status: 404, isReused: true });
    } finally {
      agent.destroy();
    }
  });

  it("are refused when the range is used up, clearly, until one is deleted", async () => {
    const made = [await make("one"), await make("two"), await make("three")];
    assert.deepEqual(
      made.map(({ port }) => port),
      [from, from + 1, from + 2],
    );
    const properties = { name: "four", location: "de/fra" };
    const refused = await manage(server.url, "POST", "/registries", { properties });
    assert.equal(refused.status, 409);
    const [message] = Object(await refused.json()).messages;
    assert.equal(message.errorCode, "registry-ports-exhausted");
    assert.match(message.message, new RegExp(`${from} to ${from + 2}`));
    await manage(server.url, "DELETE", `/registries/${made[1]?.id}`);
    assert.equal((await make("four")).port, from + 1);
  });

  it("are created though something else listens at their port, and are served there as soon as it does not", async () => {
    const stranger = createServer((connection) => connection.destroy());
    stranger.listen(from, "127.0.0.1");
    await once(stranger, "listening");
    const shop = await make("shop");
    await eventually("the log to tell", async () =>
      server.log.includes('"event":"registry-port-not-opened"') ? true : undefined,
    );
    stranger.close();
    await untilOpen(shop);
    await eventually("the log to tell", async () =>
      server.log.includes('"event":"registry-port-opened"') ? true : undefined,
    );
  });

  it("get them also when they are older than the setting", async () => {
    const plain = await RunningServer.start({ MOORAGE_WORKERS: "1" });
    const ports = await freePorts(1);
    const settled = { MOORAGE_ADDRESSING: "port", MOORAGE_REGISTRY_PORTS: `${ports}-${ports}` };
    const data = { MOORAGE_DATA_DIR: plain.dataDir, MOORAGE_WORKERS: "1" };
    let later: RunningServer | undefined;
    try {
      const { id } = await makeRegistry(plain.url, "old");
      const before = await manage(plain.url, "GET", `/registries/${id}`);
      const { port, endpoint } = Object(await before.json()).properties;
      assert.deepEqual({ port, endpoint }, { port: undefined, endpoint: `${plain.host}/old` });
      later = await RunningServer.start({ ...settled, ...data });
      assert.equal(await statusAt(`http://127.0.0.1:${ports}`), 401);
      const after = await manage(later.url, "GET", `/registries/${id}`);
      assert.equal(Object(await after.json()).properties.port, ports);
    } finally {
      await later?.stop();
      await plain.stop();
    }
  });
});
