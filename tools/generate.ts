// `npm run generate`: writes what is made from the provider's resources: schema.json.
import { writeFile } from "node:fs/promises";
import path from "node:path";
import { packageSchema } from "../provider/pulumi/src/plugin/schema.ts";
import { runScript } from "./problem.ts";
import { REPOSITORY } from "./repository.ts";

const SCHEMA = path.join(REPOSITORY, "schema.json");

await runScript(async () => {
  await writeFile(SCHEMA, `${JSON.stringify(packageSchema(), null, 2)}\n`);
  return 0;
});
