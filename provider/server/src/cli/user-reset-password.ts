import { userEmail } from "@moorage/core/contract/user";
import { resetPassword } from "../app/reset-password.ts";
import type { Command } from "./command.ts";
import { DATA_DIR } from "./data-dir-option.ts";
import { withInstallation } from "./installation.ts";
import { operatorOf } from "./operator.ts";

export const USER_RESET_PASSWORD: Command = {
  name: "user reset-password",
  summary: "Gives somebody a new password.",
  description: `Prints the password, which is generated and can not be shown again. It counts at once,
also with a server that runs.`,
  options: [
    {
      name: "email",
      placeholder: "address",
      meaning: "Whose password, in any organization.",
      schema: userEmail,
    },
    DATA_DIR,
  ],
  async run(given, surroundings) {
    const operator = operatorOf(this.name, surroundings);
    await withInstallation(given, surroundings, async (context) => {
      const { user, password } = await resetPassword(context, operator, given.valueOf("email"));
      surroundings.print(`user: ${user.email}`);
      surroundings.print(`password: ${password}`);
    });
  },
};
