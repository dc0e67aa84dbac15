// The server that the quickstart started is known by its process id and by when that process
// began: an id alone may belong to another process by the time that `npm run down` reads it.
import { readFile, writeFile } from "node:fs/promises";
import { z } from "zod";
import { run } from "../obtain/run.ts";

const STARTED_SERVER = z.object({
  pid: z.number().int().positive(),
  /** Opaque; the same for the life of a process, and not for two processes of one id. */
  began: z.string(),
  endpoint: z.string(),
});

export type StartedServer = z.infer<typeof STARTED_SERVER>;

export async function writePidFile(file: string, pid: number, endpoint: string): Promise<void> {
  const began = await whenBegan(pid);
  if (began === undefined) return; // It is gone already: whoever waits for it will say so.
  const server: StartedServer = { pid, began, endpoint };
  await writeFile(file, `${JSON.stringify(server)}\n`, { mode: 0o600 });
}

/** The server of the file, if that very process still runs. */
export async function findRunning(file: string): Promise<StartedServer | undefined> {
  const text = await readFile(file, "utf8").catch(() => "");
  const server = parse(text);
  if (!server) return undefined;
  return (await whenBegan(server.pid)) === server.began ? server : undefined;
}

function parse(text: string): StartedServer | undefined {
  try {
    return STARTED_SERVER.parse(JSON.parse(text));
  } catch {
    return undefined; // A half-written file says as little as none.
  }
}

async function whenBegan(pid: number): Promise<string | undefined> {
  if (process.platform === "linux") return whenBeganOnLinux(pid);
  const { code, output } = await run("ps", ["-o", "lstart=", "-p", `${pid}`]);
  return code === 0 ? output.trim() : undefined;
}

async function whenBeganOnLinux(pid: number): Promise<string | undefined> {
  const bootId = await readFile("/proc/sys/kernel/random/boot_id", "utf8");
  const stat = await readFile(`/proc/${pid}/stat`, "utf8").catch(() => undefined);
  // The second field is the program's name in parentheses and may hold anything; of those after
  // it, the first is the state and the twentieth the start in clock ticks since the boot.
  const fields = stat?.slice(stat.lastIndexOf(")") + 2).split(" ");
  if (!fields || fields[0] === "Z") return undefined;
  return `${bootId.trim()} ${fields[19]}`;
}
