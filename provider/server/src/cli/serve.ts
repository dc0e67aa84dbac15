import type { Command } from "./command.ts";

/** Never run from here: `main.ts` turns the process into the server before it reads commands. Here for its help. */
export const SERVE: Command = {
  name: "serve",
  summary: "Runs the server; so does no command at all.",
  description: `Takes no options: its settings are environment variables (MOORAGE_LISTEN, …),
which docs/reference/configuration.md describes. Makes what the first start
needs, and brings the database up to date after an upgrade. SIGTERM stops it in
order; it exits with 0 then, and with 1 when it can not start.`,
  options: [],
  async run() {
    throw new Error("the server is no command");
  },
};
