import { closeSync, mkdtempSync, openSync, readdirSync, readSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import type { SeenAnswer } from "./described-answers.ts";

const RECORDER = pathToFileURL(join(import.meta.dirname, "sent-answers.js")).href;

let folder: string | undefined;
const read = new Map<string, number>();

/** What makes a Node process that is started with it write down what it answers as a server. */
export function recording(): { readonly import: string; readonly environment: Environment } {
  folder ??= mkdtempSync(join(tmpdir(), "moorage-answers-"));
  return { import: `--import=${RECORDER}`, environment: { SENT_ANSWERS_FOLDER: folder } };
}

type Environment = Readonly<Record<string, string>>;

/** What such processes have answered since somebody asked. */
export function takeRecordedAnswers(): SeenAnswer[] {
  if (folder === undefined) {
    return [];
  }
  const answers: SeenAnswer[] = [];
  for (const name of readdirSync(folder)) {
    // A process that was killed may have left half a line.
    const lines = newTextOf(join(folder, name)).split("\n").slice(0, -1);
    for (const line of lines) {
      const { body, ...answer } = JSON.parse(line) as SeenAnswer & { body: string };
      answers.push({ ...answer, body: Buffer.from(body, "base64") });
    }
  }
  return answers;
}

export function forgetRecordedAnswers(): void {
  if (folder !== undefined) {
    rmSync(folder, { recursive: true, force: true });
    folder = undefined;
  }
}

/** Whole lines that were added to a file. */
function newTextOf(path: string): string {
  const from = read.get(path) ?? 0;
  const { size } = statSync(path);
  if (size <= from) {
    return "";
  }
  const bytes = Buffer.alloc(size - from);
  const file = openSync(path, "r");
  try {
    readSync(file, bytes, 0, bytes.byteLength, from);
  } finally {
    closeSync(file);
  }
  const end = bytes.lastIndexOf("\n") + 1;
  read.set(path, from + end);
  return bytes.toString("utf8", 0, end);
}
