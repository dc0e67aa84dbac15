/** What an operator has asked for cannot be done; the message says why and what to do, in a sentence, and needs no stack. */
export class OperationError extends Error {
  override readonly name = "OperationError";

  /** By name: an error that comes from a worker's thread has lost its class. */
  static is(error: unknown): error is Error {
    return error instanceof Error && error.name === "OperationError";
  }
}
