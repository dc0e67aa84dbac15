import type { EventFields, EventSink } from "../../provider/server/src/ports/event-sink.ts";

export interface RecordedEvent {
  readonly level: "info" | "warn" | "error";
  readonly event: string;
  readonly fields: EventFields | undefined;
  readonly error?: unknown;
}

/** Keeps events for a test to look at. */
export class RecordedEvents implements EventSink {
  readonly all: RecordedEvent[] = [];

  info(event: string, fields?: EventFields): void {
    this.all.push({ level: "info", event, fields });
  }

  warn(event: string, fields?: EventFields): void {
    this.all.push({ level: "warn", event, fields });
  }

  error(event: string, error: unknown, fields?: EventFields): void {
    this.all.push({ level: "error", event, fields, error });
  }

  named(event: string): readonly RecordedEvent[] {
    return this.all.filter((each) => each.event === event);
  }
}
