/** The kinds of data whose look-ups may be kept in memory. */
export const CHANGE_TOPICS = ["users", "registries", "tokens", "manifests", "blobs"] as const;
export type ChangeTopic = (typeof CHANGE_TOPICS)[number];

/** Tells whether what was found in the metadata store may be found otherwise now. */
export interface ChangeSignal {
  /**
   * A number that is another one once anything of the topic that could be found was changed or removed since it was last asked for: at
   * once for what this process has committed on any thread; for other processes, by the next turn of the event loop. What is new and
   * could not be found before need not change it.
   */
  version(topic: ChangeTopic): number;
}
