/** Where the server tells what happens. Fields never hold a credential, a key or content. */
export interface EventSink {
  info(event: string, fields?: EventFields): void;
  warn(event: string, fields?: EventFields): void;
  /** A fault of ours: the whole error is kept. */
  error(event: string, error: unknown, fields?: EventFields): void;
}

export type EventFields = Readonly<Record<string, string | number | boolean | undefined>>;
