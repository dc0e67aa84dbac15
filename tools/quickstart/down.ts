// `npm run down`: takes away what `npm run up` made, and stops the server if that started it.
import { stat } from "node:fs/promises";
import { printProgress } from "../obtain/progress.ts";
import { runScript } from "../problem.ts";
import { findCredentials } from "./credentials.ts";
import { PulumiCli } from "./pulumi-cli.ts";
import { ensureServer, stopServer } from "./server.ts";
import { readSettings, type Settings } from "./settings.ts";
import { configureStack, hasResources } from "./stack.ts";

await runScript(async () => {
  const settings = readSettings(process.env);
  const code = await destroyStack(settings);
  if (code !== 0) {
    printProgress("The stack is not destroyed, so the server runs on: see above");
    return code;
  }
  await stopServer(settings, printProgress);
  return 0;
});

async function destroyStack(settings: Settings): Promise<number> {
  const hasBeenUp = await stat(settings.pulumiFolder).catch(() => undefined);
  if (!hasBeenUp) return 0;
  const pulumi = await PulumiCli.obtain(settings, printProgress);
  if (!(await hasResources(pulumi, settings))) {
    printProgress("The stack holds nothing");
    return 0;
  }
  // Destroying needs a server that answers, for example after the machine was restarted.
  await ensureServer(settings, printProgress);
  await configureStack(pulumi, settings, await findCredentials(settings, process.env));
  return pulumi.show(["destroy", "--yes", "--skip-preview", "--remove"]);
}
