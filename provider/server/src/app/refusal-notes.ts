import type { AuditEvent } from "../domain/audit.ts";
import {
  OTHER_REFUSALS_EVERY_MILLISECONDS,
  REFUSAL_EVENTS_MAX,
  REFUSAL_EVENTS_MILLISECONDS,
  REFUSAL_SUMS_MAX,
  REFUSALS_FLUSH_MILLISECONDS,
  REFUSALS_NOTED_MAX,
} from "../domain/limits.ts";
import type { Rate } from "../domain/rate.ts";
import type { AuditLog } from "../ports/audit-log.ts";
import type { Clock } from "../ports/clock.ts";
import type { EventSink } from "../ports/event-sink.ts";
import type { Tally } from "../ports/tally.ts";

/*
 * Whoever is refused must neither wait for a write nor be able to cause one each time, or to fill the disk:
 *
 *   note:   what is like something noted already (same organization, actor, action, reason, resource and address) counts that up
 *           otherwise it is added; the first note of a batch sets a timer. Where the batch is full, it counts for `others`
 *   flush:  take the batch. Each organization's log takes so many events within some time, from all workers together: what is within
 *           that is written as it is, and what is not counts for `others`, by organization and action, which is written once in a while
 *           what could not be written goes back into the batch
 *   close:  flush once more, `others` included
 *
 * So nothing is lost but detail: every refusal is counted in some event. A process that dies loses its batch, the last few seconds.
 */

interface Parts {
  readonly metadata: { readonly audit: Pick<AuditLog, "append"> };
  readonly events: Pick<EventSink, "warn" | "error">;
  readonly clock: Clock;
  readonly tally: Tally;
}

interface Limits {
  readonly flushMilliseconds: number;
  readonly notedMax: number;
  readonly eventsMax: number;
}

/** Refusals that this process has seen and not written down yet. */
export class RefusalNotes {
  readonly #parts: Parts;
  readonly #limits: Limits;
  readonly #eventRate: Rate;
  #noted = new Map<string, AuditEvent>();
  #others = new Map<string, AuditEvent>();
  #timer: NodeJS.Timeout | undefined;
  #writing: Promise<void> = Promise.resolve();

  constructor(parts: Parts, limits: Partial<Limits> = {}) {
    this.#parts = parts;
    this.#limits = {
      flushMilliseconds: REFUSALS_FLUSH_MILLISECONDS,
      notedMax: REFUSALS_NOTED_MAX,
      eventsMax: REFUSAL_EVENTS_MAX,
      ...limits,
    };
    this.#eventRate = {
      name: "refusal-events",
      countMax: this.#limits.eventsMax,
      windowMilliseconds: REFUSAL_EVENTS_MILLISECONDS,
    };
  }

  note(event: AuditEvent): void {
    const key = keyOf(event);
    const known = this.#noted.get(key);
    if (known !== undefined) {
      this.#noted.set(key, { ...known, count: known.count + event.count });
    } else if (this.#noted.size < this.#limits.notedMax) {
      this.#noted.set(key, event);
    } else {
      this.#countAmongOthers(event);
    }
    this.#startTimer();
  }

  /** Resolves when everything that was noted before is written, or has failed to be. Never rejects. */
  flush(): Promise<void> {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#writing = this.#writing.then(() => this.#write(false));
    return this.#writing;
  }

  async close(): Promise<void> {
    await this.#writing;
    await this.#write(true);
    clearTimeout(this.#timer);
  }

  #startTimer(): void {
    this.#timer ??= setTimeout(() => void this.flush(), this.#limits.flushMilliseconds).unref();
  }

  async #write(isLast: boolean): Promise<void> {
    const noted = [...this.#noted.values()];
    this.#noted = new Map();
    const events: AuditEvent[] = [];
    for (const event of noted) {
      if (this.#isTaken(this.#eventRate, event.organizationId ?? "")) {
        events.push(event);
      } else {
        this.#countAmongOthers(event);
      }
    }
    for (const [key, event] of this.#others) {
      if (isLast || this.#isTaken(OTHERS_RATE, key)) {
        events.push(event);
        this.#others.delete(key);
      }
    }
    if (this.#others.size > 0) {
      this.#startTimer();
    }
    if (events.length > 0) {
      await this.#append(events);
    }
  }

  async #append(events: readonly AuditEvent[]): Promise<void> {
    try {
      await this.#parts.metadata.audit.append(events);
    } catch (error) {
      this.#parts.events.error("refusals-not-written", error);
      for (const event of events) {
        this.note(event);
      }
      return;
    }
    for (const { organizationId, action, reason, origin, count } of events) {
      if (organizationId === undefined) {
        const remote = origin?.address;
        this.#parts.events.warn("sign-in-failed", { action, reason, remote, count });
      }
    }
  }

  #isTaken(rate: Rate, key: string): boolean {
    const { tally, clock } = this.#parts;
    return tally.take(rate, key, clock.now()).isWithin;
  }

  #countAmongOthers(event: AuditEvent): void {
    const sum = {
      ...event,
      actor: OTHERS,
      registry: undefined,
      resource: undefined,
      origin: undefined,
      reason: "too-many",
    };
    const isKnown = this.#others.has(othersKey(sum));
    const counted =
      isKnown || this.#others.size < REFUSAL_SUMS_MAX ? sum : { ...sum, organizationId: undefined };
    const key = othersKey(counted);
    const known = this.#others.get(key);
    this.#others.set(
      key,
      known === undefined ? counted : { ...known, count: known.count + event.count },
    );
  }
}

const OTHERS_RATE: Rate = {
  name: "other-refusals",
  countMax: 1,
  windowMilliseconds: OTHER_REFUSALS_EVERY_MILLISECONDS,
};
const OTHERS = { kind: "unknown", id: undefined, name: "(others)" } as const;

function keyOf({
  organizationId,
  actor,
  action,
  reason,
  registry,
  resource,
  origin,
}: AuditEvent): string {
  const { kind, id, name } = actor;
  return JSON.stringify([
    organizationId,
    [kind, id, name.slice(0, 256)],
    action,
    reason,
    registry?.id,
    resource?.name.slice(0, 256),
    origin?.address,
  ]);
}

function othersKey({ organizationId, action }: AuditEvent): string {
  return JSON.stringify([organizationId, action]);
}
