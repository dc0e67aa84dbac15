/** Runs a check, and says in its failure what it came after. */
export async function explained(what: string, check: () => Promise<void>): Promise<void> {
  try {
    await check();
  } catch (error) {
    throw new Error(`after ${what}: ${error instanceof Error ? error.message : error}`, {
      cause: error,
    });
  }
}
