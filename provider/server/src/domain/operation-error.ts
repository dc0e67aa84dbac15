interface OperationErrorOptions extends ErrorOptions {
  readonly isInPart?: boolean;
}

/** What an operator has asked for cannot be done; the message says why and what to do, in a sentence, and needs no stack. */
export class OperationError extends Error {
  override readonly name = "OperationError";
  /** The most of it was done, and is of use; what is missing was told. */
  readonly isInPart: boolean;

  constructor(message: string, { isInPart = false, cause }: OperationErrorOptions = {}) {
    super(message, cause === undefined ? undefined : { cause });
    this.isInPart = isInPart;
  }

  /** By name: an error that comes from a worker's thread has lost its class. */
  static is(error: unknown): error is Error {
    return error instanceof Error && error.name === "OperationError";
  }
}
