// `npm test`: every test there is, or those that the arguments name, in one mocha process. Tools
// that the tests call are obtained first, and put on the tests' PATH.
import { spawn } from "node:child_process";
import path from "node:path";
import { Transform } from "node:stream";
import { pipeline } from "node:stream/promises";
import { findExecutable, pathFolders } from "./obtain/find-executable.ts";
import { obtainClient, obtainPulumi } from "./obtain/obtain.ts";
import { printProgress } from "./obtain/progress.ts";
import { runScript } from "./problem.ts";
import { REPOSITORY } from "./repository.ts";
import { selectTests, type TestSelection } from "./test-selection.ts";

const MOCHA = path.join(REPOSITORY, "node_modules", "mocha", "bin", "mocha.js");
const COUNTS = /^\d+ passed, \d+ failed, \d+ skipped$/;

await runScript(async () => {
  const selection = selectTests(process.argv.slice(2));
  const folders = await obtainTools(selection);
  const code = await runMocha(selection.mochaArguments, {
    ...process.env,
    PATH: [process.env["PATH"], ...folders].join(path.delimiter),
  });
  return code;
});

/** Folders of the tools that are not on PATH. */
async function obtainTools(selection: TestSelection): Promise<string[]> {
  for (const { name, debianPackage } of selection.packagedClients) {
    if (await findExecutable(name, pathFolders(process.env))) continue;
    printProgress(
      `${name} is missing, so its tests will fail. On Debian: apt-get install ${debianPackage}`,
    );
  }
  const executables: string[] = [];
  for (const client of selection.clients) {
    executables.push(await obtainClient(client, printProgress));
  }
  if (selection.needsPulumi) {
    const { cli, languageHost } = await obtainPulumi(printProgress);
    executables.push(cli, languageHost);
  }
  return [...new Set(executables.map((executable) => path.dirname(executable)))];
}

async function runMocha(args: readonly string[], environment: NodeJS.ProcessEnv): Promise<number> {
  const colors = process.stdout.isTTY ? ["--color"] : [];
  const child = spawn(process.execPath, [MOCHA, ...colors, ...args], {
    cwd: REPOSITORY,
    env: environment,
    stdio: ["inherit", "pipe", "inherit"],
  });
  const ended = new Promise<number>((resolve, reject) => {
    child.once("error", reject);
    child.once("close", (code) => resolve(code ?? 1));
  });
  const lastLine = lastLineOf();
  await pipeline(child.stdout, lastLine.through, process.stdout, { end: false });
  const code = await ended;
  if (COUNTS.test(lastLine.read())) return code;
  // A test file that cannot be loaded, or a crash: mocha ends before its reporter counts.
  console.log("0 passed, 1 failed, 0 skipped");
  return code || 1;
}

/** Passes text through and remembers how it ended. */
function lastLineOf(): { through: Transform; read: () => string } {
  let end = "";
  const through = new Transform({
    transform(chunk, _encoding, done) {
      end = (end + chunk).slice(-200);
      done(null, chunk);
    },
  });
  return { through, read: () => end.trimEnd().split("\n").at(-1) ?? "" };
}
