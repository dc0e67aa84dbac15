import type { AuditEvent } from "../domain/audit.ts";
import { BoundedMap } from "../domain/bounded-map.ts";
import {
  REFUSAL_EVENT_EVERY_MILLISECONDS,
  REFUSAL_EVENTS_IN_BURST_MAX,
  REFUSAL_SUMS_MAX,
  REFUSALS_FLUSH_MILLISECONDS,
  REFUSALS_NOTED_MAX,
} from "../domain/limits.ts";
import type { AuditLog } from "../ports/audit-log.ts";
import type { Clock } from "../ports/clock.ts";
import type { EventSink } from "../ports/event-sink.ts";

/*
 * Whoever is refused must neither wait for a write nor be able to cause one each time, or to fill the disk:
 *
 *   note:   what is like something noted already (same organization, actor, action, reason, resource and address) counts that up
 *           otherwise it is added; the first note of a batch sets a timer. Where the batch is full, it counts for `others`
 *   flush:  take the batch, and what `others` has counted. Each organization has a bucket of events that it fills again with time:
 *           while that holds any, an event is written as it is; without, it counts for `others`, by organization and action
 *           what could not be written goes back into the batch, and `others` waits for the bucket
 *   close:  flush once more
 *
 * So nothing is lost but detail: every refusal is counted in some event. A process that dies loses its batch, the last few seconds.
 */

interface Parts {
  readonly metadata: { readonly audit: Pick<AuditLog, "append"> };
  readonly events: Pick<EventSink, "warn" | "error">;
  readonly clock: Clock;
}

interface Limits {
  readonly flushMilliseconds: number;
  readonly notedMax: number;
  readonly burstMax: number;
}

/** How many events a log still takes, as of a moment. */
interface Bucket {
  readonly events: number;
  readonly at: number;
}

/** Refusals that this process has seen and not written down yet. */
export class RefusalNotes {
  readonly #parts: Parts;
  readonly #limits: Limits;
  readonly #buckets = new BoundedMap<string, Bucket>(REFUSAL_SUMS_MAX);
  #noted = new Map<string, AuditEvent>();
  #others = new Map<string, AuditEvent>();
  #timer: NodeJS.Timeout | undefined;
  #writing: Promise<void> = Promise.resolve();

  constructor(parts: Parts, limits: Partial<Limits> = {}) {
    this.#parts = parts;
    this.#limits = {
      flushMilliseconds: REFUSALS_FLUSH_MILLISECONDS,
      notedMax: REFUSALS_NOTED_MAX,
      burstMax: REFUSAL_EVENTS_IN_BURST_MAX,
      ...limits,
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
    this.#writing = this.#writing.then(() => this.#write());
    return this.#writing;
  }

  async close(): Promise<void> {
    await this.flush();
    clearTimeout(this.#timer);
  }

  #startTimer(): void {
    this.#timer ??= setTimeout(() => void this.flush(), this.#limits.flushMilliseconds).unref();
  }

  async #write(): Promise<void> {
    const noted = [...this.#noted.values()];
    this.#noted = new Map();
    const events: AuditEvent[] = [];
    for (const event of noted) {
      if (this.#take(event)) {
        events.push(event);
      } else {
        this.#countAmongOthers(event);
      }
    }
    for (const [key, event] of this.#others) {
      if (this.#take(event)) {
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

  /** Takes one event out of the bucket of its organization; `false`: there is none left for now. */
  #take(event: AuditEvent): boolean {
    const organization = event.organizationId ?? "";
    const { burstMax } = this.#limits;
    const at = this.#parts.clock.now();
    const before = this.#buckets.get(organization) ?? { events: burstMax, at };
    const refilled = Math.max(at - before.at, 0) / REFUSAL_EVENT_EVERY_MILLISECONDS;
    const left = Math.min(before.events + refilled, burstMax);
    this.#buckets.set(organization, { events: left >= 1 ? left - 1 : left, at });
    return left >= 1;
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
