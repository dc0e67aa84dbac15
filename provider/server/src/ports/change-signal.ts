/** Tells whether what was read from the metadata store may have changed since. */
export interface ChangeSignal {
  /**
   * A number that is another one once anything was committed since it was last asked for: at once for what this process has committed
   * on any thread; for other processes, by the next turn of the event loop.
   */
  version(): number;
}
