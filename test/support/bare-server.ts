// A server in a process of its own that only answers requests: no workers, no jobs, no orderly stop. It loads its program at once, begins when a
// line on standard input names its data directory, and then prints the port that it listens at: a test starts the next one while the
// one before is still running.
import { once } from "node:events";
import { flushCompileCache } from "node:module";
import { createInterface } from "node:readline";
import { compose } from "../../provider/server/src/compose.ts";
import { createServer } from "../../provider/server/src/http/server.ts";
import { settingsFor } from "./local-registry.ts";

// Whoever is killed has no time to keep what it compiled.
flushCompileCache();
const [dataDir] = (await once(createInterface(process.stdin), "line")) as [string];
const { context } = await compose(settingsFor(dataDir));
const events = {
  info: () => {},
  warn: () => {},
  error: (event: string, error: unknown) => console.error(event, error),
};
const url = await createServer({ ...context, events }).listen({ host: "127.0.0.1", port: 0 });
process.stdout.write(`${url}\n`);
