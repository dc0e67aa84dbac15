// `npm run example -- <name> …`: any command of the Pulumi CLI in one of the examples, with the quickstart's server,
// which is started if none answers, and its settings.
import { access, readdir, readFile, rm } from "node:fs/promises";
import path from "node:path";
import { printProgress } from "../obtain/progress.ts";
import { Problem, runScript } from "../problem.ts";
import { findCredentials } from "../quickstart/credentials.ts";
import { PulumiCli } from "../quickstart/pulumi-cli.ts";
import { ensureServer } from "../quickstart/server.ts";
import { readSettings, type Settings, STACK_NAME_DEFAULT } from "../quickstart/settings.ts";
import { REPOSITORY } from "../repository.ts";
import { languageHostFolder } from "./language-host.ts";

const EXAMPLES = path.join(REPOSITORY, "examples");
/** What the CLI remembers of the plugin that runs from source, which may have changed since. */
const REMEMBERED_SCHEMA = path.join(REPOSITORY, "provider", "pulumi", "schema-moorage.json");

await runScript(async () => {
  const [name = "", ...args] = process.argv.slice(2);
  const folder = await findExample(name);
  const settings = ofExamples(readSettings(process.env));
  const cli = await PulumiCli.obtain(settings, printProgress, folder);
  const host = await languageHostFolder(await runtimeOf(folder), cli.executable, printProgress);
  await ensureServer(settings, printProgress);
  const { username, password } = await findCredentials(settings, process.env);
  const pulumi = (host ? cli.withPrograms(host) : cli).with({
    MOORAGE_ENDPOINT: settings.endpoint,
    MOORAGE_USERNAME: username,
    MOORAGE_PASSWORD: password,
  });
  await rm(REMEMBERED_SCHEMA, { force: true });
  await pulumi.read(["stack", "select", "--create", settings.stackName]);
  return pulumi.show(args);
});

async function findExample(name: string): Promise<string> {
  const names: string[] = [];
  for (const { name: each } of await readdir(EXAMPLES, { withFileTypes: true })) {
    const hasProject = await access(path.join(EXAMPLES, each, "Pulumi.yaml")).then(
      () => true,
      () => false,
    );
    if (hasProject) names.push(each);
  }
  if (names.includes(name)) return path.join(EXAMPLES, name);
  throw new Problem(
    `there is no example ${JSON.stringify(name)}; there are ${names.sort().join(", ")}. Say for example: npm run example -- ${names[0]} up --yes`,
  );
}

async function runtimeOf(folder: string): Promise<string> {
  const project = await readFile(path.join(folder, "Pulumi.yaml"), "utf8");
  return /^runtime:\s*(?:name:\s*)?(\w+)/m.exec(project)?.[1] ?? "nodejs";
}

/** Their stacks are called `dev`, and like the quickstart's there is one for each server. */
function ofExamples(settings: Settings): Settings {
  return { ...settings, stackName: settings.stackName.replace(STACK_NAME_DEFAULT, "dev") };
}
