/** Settings that are wrong: what an operator reads at the start, one line a setting, never with the value of a secret. */
export class ConfigError extends Error {
  override readonly name = "ConfigError";

  /** By its name: what a worker's thread throws reaches the process as a plain `Error`. */
  static is(error: unknown): error is Error {
    return error instanceof Error && error.name === "ConfigError";
  }
}
