import assert from "node:assert/strict";
import { once } from "node:events";
import { mkdir, writeFile } from "node:fs/promises";
import { createServer, type RequestListener, type Server } from "node:http";
import path from "node:path";
import { findCredentials } from "../../../tools/quickstart/credentials.ts";
import { probe } from "../../../tools/quickstart/probe.ts";
import { ensureServer, stopServer } from "../../../tools/quickstart/server.ts";
import { readSettings, type Settings } from "../../../tools/quickstart/settings.ts";
import { freePort } from "../../support/free-port.ts";
import { temporaryDirectory } from "../../support/temporary-directory.ts";

const OWNER = `Basic ${Buffer.from("owner@moorage.example:one two").toString("base64")}`;

/** Answers as Moorage does to a probe and to the owner. */
const moorage: RequestListener = (request, response) => {
  if (request.url === "/readyz") response.end("{}");
  else if (request.headers.authorization === OWNER) response.end('{"items":[]}');
  else response.writeHead(401).end("{}");
};

describe("the quickstart's server", () => {
  let folder: string;
  let remove: () => Promise<void>;
  let port: number;
  let server: Server | undefined;
  let said: string[];

  beforeEach(async () => {
    ({ path: folder, remove } = await temporaryDirectory());
    port = await freePort();
    said = [];
  });
  afterEach(async () => {
    server?.close();
    server?.closeAllConnections();
    server = undefined;
    await remove();
  });

  const listen = () => ({ MOORAGE_LISTEN: `127.0.0.1:${port}`, MOORAGE_DATA_DIR: folder });
  const progress = (sentence: string) => said.push(sentence);

  async function answer(listener: RequestListener): Promise<Settings> {
    server = createServer(listener).listen(port, "127.0.0.1");
    await once(server, "listening");
    return readSettings(listen());
  }

  async function writeOwner(): Promise<void> {
    await mkdir(folder, { recursive: true });
    await writeFile(path.join(folder, "admin-email"), "owner@moorage.example\n");
    await writeFile(path.join(folder, "admin-password"), "one two\n");
  }

  it("is used as it is when it answers", async () => {
    const settings = await answer(moorage);
    await ensureServer(settings, progress);
    assert.deepEqual(said, [`The server answers at ${settings.endpoint}`]);
  });

  it("is told from nothing, from one that is not ready and from anything else", async () => {
    let status = 503;
    assert.equal(await probe(`http://127.0.0.1:${port}`), "absent");
    const { endpoint } = await answer((_, response) => response.writeHead(status).end());
    assert.equal(await probe(endpoint), "starting");
    status = 404;
    assert.equal(await probe(endpoint), "foreign");
  });

  it("is not started where something else listens", async () => {
    const settings = await answer((_, response) => response.writeHead(404).end());
    await assert.rejects(ensureServer(settings, progress), {
      name: "Problem",
      message: /is not Moorage: stop it, or set MOORAGE_LISTEN to another address/,
    });
  });

  it("is not started in the place of one that MOORAGE_ENDPOINT names", async () => {
    const settings = readSettings({ MOORAGE_ENDPOINT: `http://127.0.0.1:${port}` });
    await assert.rejects(ensureServer(settings, progress), {
      name: "Problem",
      message: /^no Moorage server is ready at .*, which MOORAGE_ENDPOINT names$/,
    });
  });

  it("is left alone by npm run down unless npm run up started it", async () => {
    const settings = await answer(moorage);
    await stopServer(settings, progress);
    assert.equal(await probe(settings.endpoint), "ready");
    assert.deepEqual(said, ["No server that was started from here is running"]);
  });

  it("is entered with what it wrote into its data directory", async () => {
    const settings = await answer(moorage);
    await writeOwner();
    assert.deepEqual(await findCredentials(settings, {}), {
      username: "owner@moorage.example",
      password: "one two",
    });
  });

  it("does not get another server's password", async () => {
    const { endpoint } = await answer(moorage);
    await writeOwner();
    const foreign = readSettings({ ...listen(), MOORAGE_ENDPOINT: endpoint });
    await assert.rejects(findCredentials(foreign, {}), {
      name: "Problem",
      message: /^set MOORAGE_USERNAME and MOORAGE_PASSWORD for the server at/,
    });
  });

  it("gives one sentence when it refuses the credentials, or knows no credentials", async () => {
    const settings = await answer(moorage);
    const given = { MOORAGE_USERNAME: "owner@moorage.example", MOORAGE_PASSWORD: "wrong" };
    await assert.rejects(findCredentials(settings, given), {
      name: "Problem",
      message: /refuses owner@moorage\.example: set MOORAGE_USERNAME and MOORAGE_PASSWORD/,
    });
    await assert.rejects(findCredentials(settings, {}), {
      name: "Problem",
      message: /does not use .*: set MOORAGE_USERNAME and MOORAGE_PASSWORD for it/,
    });
  });

  it("is not believed when it answers anything with a page", async () => {
    const settings = await answer((_, response) => response.end("<html></html>"));
    await writeOwner();
    await assert.rejects(findCredentials(settings, {}), {
      name: "Problem",
      message: /is not Moorage$/,
    });
  });
});
