// `npm run up`: a running server and, on it, the stack that Pulumi.yaml declares.
import { printProgress } from "../obtain/progress.ts";
import { runScript } from "../problem.ts";
import { shown } from "../repository.ts";
import { findCredentials } from "./credentials.ts";
import { nextSteps } from "./next-steps.ts";
import { PulumiCli } from "./pulumi-cli.ts";
import { ensureServer } from "./server.ts";
import { readSettings } from "./settings.ts";
import { configureStack, didLastUpdateChangeNothing, readOutputs } from "./stack.ts";

await runScript(async () => {
  const settings = readSettings(process.env);
  const pulumi = await PulumiCli.obtain(settings, printProgress);
  await ensureServer(settings, printProgress);
  const credentials = await findCredentials(settings, process.env);
  printProgress(`Setting up the stack ${settings.stackName} in ${shown(settings.pulumiFolder)}`);
  await configureStack(pulumi, settings, credentials);
  const code = await pulumi.show(["up", "--yes", "--skip-preview", "--suppress-outputs"]);
  if (code !== 0) {
    printProgress("The stack is not as declared: see above, and run `npm run up` again");
    return code;
  }
  if (await didLastUpdateChangeNothing(pulumi)) {
    console.log("There is nothing to change: everything is as declared.");
  }
  console.log(nextSteps(await readOutputs(pulumi), settings));
  return 0;
});
