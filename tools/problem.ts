/** Something that the person at the keyboard can put right. Shown as one line, without a stack. */
export class Problem extends Error {
  override readonly name = "Problem";
}

/** Runs a script's main function; its result is the exit code. */
export async function runScript(main: () => Promise<number>): Promise<void> {
  try {
    process.exitCode = await main();
  } catch (error) {
    console.error(error instanceof Problem ? `error: ${error.message}` : error);
    process.exitCode = 1;
  }
}
