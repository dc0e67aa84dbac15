import assert from "node:assert/strict";
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdir, readFile, symlink, writeFile } from "node:fs/promises";
import path from "node:path";
import { createInterface } from "node:readline";
import { credentials, type ServiceError } from "@grpc/grpc-js";
import services from "@pulumi/pulumi/proto/language_grpc_pb.js";
import pb from "@pulumi/pulumi/proto/language_pb.js";
import { obtainPulumi } from "../../tools/obtain/obtain.ts";
import { REPOSITORY } from "../../tools/repository.ts";
import { temporaryDirectory } from "../support/temporary-directory.ts";

/*
 * Before a program runs, the engine has its language's host look through all installed packages, whichever of them the
 * program imports, for those that need a plugin. Who imports the dynamic face must not be asked for one.
 */
describe("a program that has @moorage/pulumi installed", function () {
  this.timeout(120_000);
  let host: ChildProcess;
  let client: InstanceType<typeof services.LanguageRuntimeClient>;
  before(async () => {
    const { languageHost } = await obtainPulumi(() => {});
    const engine = "127.0.0.1:1";
    host = spawn(languageHost, [engine], {
      stdio: ["ignore", "pipe", "ignore"],
    });
    assert.ok(host.stdout);
    const [port] = await once(createInterface(host.stdout), "line");
    client = new services.LanguageRuntimeClient(
      `127.0.0.1:${String(port)}`,
      credentials.createInsecure(),
    );
  });
  after(async () => {
    client?.close();
    if (host?.kill()) await once(host, "exit");
  });

  it("is asked for no plugin of ours, whichever face it imports", async () => {
    assert.deepEqual(await requiredBy({}), []);
  });

  it("would be, if the package said that it has one", async () => {
    const pulumi = { resource: true, name: "moorage", version: "0.1.0" };
    assert.deepEqual(await requiredBy({ pulumi }), ["moorage"]);
  });

  /** The plugins that the host finds for a project with our package, to whose manifest something is added. */
  async function requiredBy(added: object): Promise<string[]> {
    await using folder = await installed(added);
    const request = new pb.GetRequiredPluginsRequest();
    request.setProgram(folder.path);
    const answer = await new Promise<pb.GetRequiredPluginsResponse>((resolve, reject) => {
      client.getRequiredPlugins(request, (error: ServiceError | null, response) =>
        error === null ? resolve(response) : reject(error),
      );
    });
    return answer.getPluginsList().map((each) => each.getName());
  }
});

/** A project's folder in which npm has put our package, and Pulumi's own. */
async function installed(added: object): Promise<{ path: string } & AsyncDisposable> {
  const { path: folder, remove } = await temporaryDirectory();
  const target = path.join(folder, "node_modules", "@moorage", "pulumi");
  await mkdir(target, { recursive: true });
  await mkdir(path.join(folder, "node_modules", "@pulumi"));
  await symlink(
    path.join(REPOSITORY, "node_modules", "@pulumi", "pulumi"),
    path.join(folder, "node_modules", "@pulumi", "pulumi"),
  );
  const source = path.join(REPOSITORY, "provider", "pulumi", "package.json");
  const manifest: object = JSON.parse(await readFile(source, "utf8"));
  await writeFile(path.join(target, "package.json"), JSON.stringify({ ...manifest, ...added }));
  return { path: folder, [Symbol.asyncDispose]: remove };
}
