import { organizationName } from "@moorage/core/contract/organization";
import { userEmail } from "@moorage/core/contract/user";
import { createOrganization } from "../app/create-organization.ts";
import type { Command } from "./command.ts";
import { DATA_DIR } from "./data-dir-option.ts";
import { withInstallation } from "./installation.ts";
import { operatorOf } from "./operator.ts";

export const ORGANIZATION_CREATE: Command = {
  name: "organization create",
  summary: "Adds an organization with its first owner.",
  description: "Prints the owner's password, which is generated and can not be shown again.",
  options: [
    {
      name: "name",
      placeholder: "name",
      meaning: "What the organization is called; unique.",
      schema: organizationName,
    },
    {
      name: "owner-email",
      placeholder: "address",
      meaning: "The owner's e-mail address; unique over all organizations.",
      schema: userEmail,
    },
    DATA_DIR,
  ],
  async run(given, surroundings) {
    const draft = { name: given.valueOf("name"), ownerEmail: given.valueOf("owner-email") };
    const operator = operatorOf(this.name, surroundings);
    await withInstallation(given, surroundings, async (context) => {
      const { organization, owner, password } = await createOrganization(context, operator, draft);
      surroundings.print(`organization: ${organization.name}`);
      surroundings.print(`contract number: ${organization.contractNumber}`);
      surroundings.print(`owner: ${owner.email}`);
      surroundings.print(`password: ${password}`);
    });
  },
};
