// `npm run pulumi -- …`: any command of the Pulumi CLI, with the quickstart's settings.
import { printProgress } from "../obtain/progress.ts";
import { runScript } from "../problem.ts";
import { PulumiCli } from "./pulumi-cli.ts";
import { readSettings } from "./settings.ts";

await runScript(async () => {
  const pulumi = await PulumiCli.obtain(readSettings(process.env), printProgress);
  return pulumi.show(process.argv.slice(2));
});
