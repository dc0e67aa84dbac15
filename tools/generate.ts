// `npm run generate`: writes what is made from the provider's resources: schema.json, the faces for TypeScript, the SDKs, and the page on them.
import { writeFile } from "node:fs/promises";
import path from "node:path";
import { packageSchema } from "../provider/pulumi/src/plugin/schema.ts";
import { readPackage } from "./faces/package-spec.ts";
import { writeFaces } from "./faces/write-faces.ts";
import { printProgress } from "./obtain/progress.ts";
import { runScript } from "./problem.ts";
import { resourcePage } from "./reference/resource-page.ts";
import { REPOSITORY } from "./repository.ts";
import { writeSdks } from "./sdks.ts";

const RESOURCE_PAGE = path.join(REPOSITORY, "docs", "reference", "pulumi-resources.md");
const SCHEMA = path.join(REPOSITORY, "schema.json");

await runScript(async () => {
  await writeFile(SCHEMA, `${JSON.stringify(packageSchema(), null, 2)}\n`);
  await writeFaces();
  await writeFile(RESOURCE_PAGE, resourcePage(readPackage()));
  await writeSdks(SCHEMA, path.join(REPOSITORY, "sdk"), printProgress);
  return 0;
});
