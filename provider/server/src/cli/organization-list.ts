import { listOrganizations } from "../app/list-organizations.ts";
import type { Command } from "./command.ts";
import { DATA_DIR } from "./data-dir-option.ts";
import { withInstallation } from "./installation.ts";

export const ORGANIZATION_LIST: Command = {
  name: "organization list",
  summary: "Lists the organizations: contract number, id and name.",
  options: [DATA_DIR],
  async run(given, surroundings) {
    await withInstallation(given, surroundings, async (context) => {
      for await (const { contractNumber, id, name } of listOrganizations(context)) {
        surroundings.print(`${contractNumber}\t${id}\t${name}`);
      }
    });
  },
};
