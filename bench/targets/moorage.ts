import { join } from "node:path";
import { setTimeout } from "node:timers/promises";
import { freePort, type ServerProcess, startServer, temporaryDirectory } from "./server-process.ts";
import type { Target } from "./target.ts";

const EMAIL = "owner@moorage.example";
const PASSWORD = "a password for measurements";
const POLL_MILLISECONDS = 100;

export interface MoorageOptions {
  readonly name: string;
  /** A checkout, or a directory that holds a bundle. */
  readonly folder: string;
  readonly isBundle: boolean;
  readonly credentials: "basic" | "bearer";
  readonly environment: Readonly<Record<string, string>>;
}

/** Starts Moorage on an empty data directory, with a private registry and a token for it. */
export async function startMoorage(options: MoorageOptions): Promise<Target> {
  const data = await temporaryDirectory();
  const server = await startOn(options, join(data.path, "data"));
  const credentials = await addRegistry(server.url, "bench");
  return {
    endpoint: {
      name: options.name,
      host: "127.0.0.1",
      port: server.port,
      prefix: "bench/",
      credentials: { ...credentials, kind: options.credentials },
    },
    description: `Moorage, private registry, sealed, ${options.credentials} credentials`,
    pid: server.pid,
    startSeconds: server.startSeconds,
    async stop() {
      await server.stop();
      await data.remove();
    },
  };
}

/** Starts Moorage on a data directory of its own, which may hold something. */
export async function startOn(
  options: Pick<MoorageOptions, "folder" | "isBundle" | "environment">,
  dataDir: string,
): Promise<ServerProcess & { readonly port: number; readonly url: string }> {
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  const server = await startServer({
    ...commandOf(options),
    folder: options.folder,
    environment: {
      MOORAGE_LISTEN: `127.0.0.1:${port}`,
      MOORAGE_DATA_DIR: dataDir,
      MOORAGE_ADMIN_EMAIL: EMAIL,
      MOORAGE_ADMIN_PASSWORD: PASSWORD,
      ...options.environment,
    },
    readyUrl: `${url}/readyz`,
  });
  return { ...server, port, url };
}

function commandOf({ folder, isBundle }: Pick<MoorageOptions, "folder" | "isBundle">) {
  const node = process.execPath;
  return isBundle
    ? { command: node, args: [join(folder, "provider/server/dist/main.js")] }
    : {
        command: node,
        args: ["--conditions=@moorage/source", join(folder, "provider/server/src/main.ts")],
      };
}

/** Makes a private registry, and a token that may do everything to its content. */
export async function addRegistry(url: string, name: string) {
  const registry = await post(`${url}/containerregistries/registries`, {
    name,
    location: "de/fra",
  });
  const token = await post(`${url}/containerregistries/registries/${registry.id}/tokens`, {
    name: "bench",
    scopes: [
      { type: "repository", name: "*", actions: ["pull", "push", "delete"] },
      { type: "registry", name: "*", actions: ["list"] },
    ],
  });
  return {
    kind: "basic" as const,
    username: "bench",
    password: token.properties?.credentials?.password ?? "",
  };
}

/** What one collection of garbage did. */
export interface Collection {
  readonly readOnlyMilliseconds: number;
  readonly blobsDeleted: number;
}

/** Collects the garbage of the registry of a target that `startMoorage` has started, and waits until it is gone. */
export async function collectGarbage(port: number): Promise<Collection> {
  const api = `http://127.0.0.1:${port}/containerregistries/registries`;
  const [registry] = (await ask<{ items: Created[] }>(api)).items;
  const runs = `${api}/${registry?.id}/garbage-collections`;
  const { id } = await ask<Created>(runs, {});
  for (;;) {
    const { metadata, properties } = await ask<Run>(`${runs}/${id}`);
    if (metadata.state !== "Running") {
      return { ...properties, readOnlyMilliseconds: metadata.readOnlyMilliseconds ?? Number.NaN };
    }
    await setTimeout(POLL_MILLISECONDS);
  }
}

interface Run {
  readonly metadata: { readonly state: string; readonly readOnlyMilliseconds: number | null };
  readonly properties: { readonly blobsDeleted: number };
}

interface Created {
  readonly id: string;
  readonly properties?: { readonly credentials?: { readonly password: string } };
}

function post(url: string, properties: object): Promise<Created> {
  return ask<Created>(url, { properties });
}

/** POST where there is a body, else GET. */
async function ask<Shape>(url: string, body?: object): Promise<Shape> {
  const method = body === undefined ? "GET" : "POST";
  const pair = Buffer.from(`${EMAIL}:${PASSWORD}`).toString("base64");
  const answer = await fetch(url, {
    method,
    headers: { Authorization: `Basic ${pair}`, "Content-Type": "application/json" },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  });
  const text = await answer.text();
  if (!answer.ok) {
    throw new Error(`${method} ${url} was answered with ${answer.status}: ${text}`);
  }
  return JSON.parse(text) as Shape;
}
