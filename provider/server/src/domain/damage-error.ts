/**
 * What was stored is gone, cut short, or not as it was written. Content that is pushed again takes its place; anything else that keeps bytes from
 * being read, such as too many open files, passes, and is not this.
 */
export class DamageError extends Error {
  override readonly name = "DamageError";
}
