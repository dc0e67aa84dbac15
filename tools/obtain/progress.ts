/** Tells the person who waits what is going on: one sentence a call. */
export type Progress = (sentence: string) => void;

const REMINDER_MILLISECONDS = 15_000;

/** Standard error, so that what a command prints on standard output can be piped on. */
export const printProgress: Progress = (sentence) => {
  process.stderr.write(`${sentence}\n`);
};

/** Repeats, while the work lasts, that it does and for how long. */
export async function remindWhile<T>(
  work: Promise<T>,
  remind: (elapsed: string) => void,
  intervalMilliseconds = REMINDER_MILLISECONDS,
): Promise<T> {
  const startedAt = performance.now();
  const timer = setInterval(
    () => remind(formatElapsed(performance.now() - startedAt)),
    intervalMilliseconds,
  );
  try {
    return await work;
  } finally {
    clearInterval(timer);
  }
}

function formatElapsed(milliseconds: number): string {
  const seconds = Math.round(milliseconds / 1000);
  return seconds < 60 ? `${seconds} s` : `${Math.floor(seconds / 60)} min ${seconds % 60} s`;
}
