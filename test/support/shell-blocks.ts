import { readFileSync } from "node:fs";
import path from "node:path";
import { REPOSITORY } from "../../tools/repository.ts";

/** The blocks of a page that its reader is to run, those fenced as `sh`, by the heading that they stand below. */
export function shellBlocks(page: string): Map<string, string[]> {
  const text = readFileSync(path.join(REPOSITORY, page), "utf8");
  const found = new Map<string, string[]>();
  for (const section of text.split(/^#+ (?=[^\n]+\n\n)/m).slice(1)) {
    const heading = section.slice(0, section.indexOf("\n"));
    const blocks = [...section.matchAll(/^```sh\n([\s\S]*?)^```$/gm)].map(
      ([, block = ""]) => block,
    );
    if (blocks.length > 0) found.set(heading, blocks);
  }
  return found;
}
